import { Button, TextInput } from "@mantine/core";
import { IconSend, IconUser, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Contact, Draft } from "../model/model.ts";
import { PersonDialog } from "../parts/parts.ts";
import { TestResult } from "./test-result.tsx";
import { REVIEW } from "../wizard-texts.ts";
import classes from "./review.module.css";

const MOST = 5;
const numbersIn = (text: string) =>
  text
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== "");

/** Sends it now to a few numbers, filled in as for one person. */
export function TestSend({ draft: { campaign, flush } }: { draft: Draft }) {
  const [text, setText] = useState("");
  const [contact, setContact] = useState<Contact | null>(null);
  const [choosing, setChoosing] = useState(false);
  const to = numbersIn(text);
  const send = useAction({
    mutationFn: async () => {
      await flush();
      return call("POST /api/v1/campaigns/:id/test", {
        params: { id: campaign.id },
        body: { to, ...(contact && { as_contact_id: contact.id }) },
      });
    },
  });
  return (
    <Card className={common["block"]}>
      <h2>{REVIEW.test}</h2>
      <form
        className={common["dialog"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (to.length > 0 && to.length <= MOST) send.mutate();
        }}
      >
        <TextInput
          label={REVIEW.test_to}
          description={REVIEW.test_hint}
          value={text}
          error={to.length > MOST && REVIEW.test_too_many}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        <div className={common["line"]}>
          <span className={common["hint"]} dir="auto">
            {contact ? REVIEW.test_as(contact.display_name) : REVIEW.test_samples}
          </span>
          <Button
            size="xs"
            variant="default"
            leftSection={contact ? <IconX size={14} aria-hidden /> : <IconUser size={14} aria-hidden />}
            onClick={() => (contact ? setContact(null) : setChoosing(true))}
          >
            {contact ? REVIEW.use_samples : REVIEW.use_person}
          </Button>
        </div>
        <Button
          type="submit"
          variant="default"
          leftSection={<IconSend size={16} aria-hidden />}
          loading={send.isPending}
          disabled={to.length === 0 || to.length > MOST}
        >
          {REVIEW.send_test}
        </Button>
      </form>
      {send.error && (
        <p className={common["wrong"]} role="alert">
          {wordsOf(send.error)}
        </p>
      )}
      {send.data && (
        <ul className={classes["results"]} role="status">
          {send.data.results.map(({ to: number, message_id, says }) => (
            <TestResult key={number} number={number} message_id={message_id} says={says} />
          ))}
        </ul>
      )}
      {choosing && (
        <PersonDialog
          onChoose={(person) => {
            setContact(person);
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </Card>
  );
}
