import { Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { Progress } from "../../../ui/progress.tsx";
import common from "../../../ui/form-blocks.module.css";
import { AUDIENCE } from "../wizard-texts.ts";
import { readPasted } from "./pasted.ts";

/** The API takes so many a call. */
const A_CALL = 1_000;
/** A longer text belongs into a file. */
const MOST = 50_000;

interface Outcome {
  added: number;
  updated: number;
  refused: { line: number; phone: string; says: string }[];
}

/** Adds numbers that were copied from somewhere, and tells which were refused and why. */
export function PasteDialog({
  campaign_id,
  onAdded,
  onClose,
}: {
  campaign_id: string;
  onAdded: () => Promise<void>;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [done, setDone] = useState(0);
  const people = readPasted(text);
  const too_many = people.length > MOST;
  const add = useAction({
    mutationFn: async () => {
      const outcome: Outcome = { added: 0, updated: 0, refused: [] };
      setDone(0);
      for (let from = 0; from < people.length; from += A_CALL) {
        const some = people.slice(from, from + A_CALL);
        const answer = await call("POST /api/v1/campaigns/:id/recipients", {
          params: { id: campaign_id },
          body: { recipients: some.map(({ phone, values }) => ({ phone, values })) },
        });
        outcome.added += answer.added;
        outcome.updated += answer.updated;
        for (const { index, says } of answer.refused)
          outcome.refused.push({ line: some[index]!.line, phone: some[index]!.phone, says });
        setDone(from + some.length);
      }
      return outcome;
    },
    onSettled: onAdded,
  });
  return (
    <Modal opened onClose={onClose} title={AUDIENCE.paste} size={560}>
      <div className={common["dialog"]}>
        {add.data ? (
          <Result outcome={add.data} />
        ) : (
          <>
            <p className={common["hint"]}>{AUDIENCE.paste_hint}</p>
            <Textarea
              data-autofocus
              label={AUDIENCE.numbers}
              placeholder={AUDIENCE.numbers_example}
              autosize
              minRows={7}
              maxRows={14}
              value={text}
              disabled={add.isPending}
              error={too_many ? AUDIENCE.too_many(MOST) : add.error ? wordsOf(add.error) : undefined}
              onChange={({ currentTarget: { value } }) => setText(value)}
            />
            {add.isPending && <Progress label={AUDIENCE.adding} done={done} total={people.length} />}
          </>
        )}
        <div className={common["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {add.data ? AUDIENCE.close : AUDIENCE.cancel}
          </Button>
          {!add.data && (
            <Button
              loading={add.isPending}
              disabled={people.length === 0 || too_many}
              onClick={() => add.mutate()}
            >
              {AUDIENCE.add_people(people.length)}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Result({ outcome: { added, updated, refused } }: { outcome: Outcome }) {
  return (
    <>
      <p role="status">{AUDIENCE.was_added(added, updated)}</p>
      {refused.length > 0 && (
        <>
          <p>{AUDIENCE.refused(refused.length)}</p>
          <ul className={common["problems"]} tabIndex={0}>
            {refused.map(({ line, phone, says }) => (
              <li key={`${line} ${phone}`}>{AUDIENCE.refused_line(line, phone, says)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
