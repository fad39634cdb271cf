import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { templateOffers } from "../../../conversation/model/offers.ts";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { templatesQuery } from "../../../lib/server/queries.ts";
import type { Template } from "../../../lib/types.ts";
import { eventsOf, nodeOf, type TestRun, testQuery } from "../model/model.ts";
import { TEST } from "../test-texts.ts";
import classes from "./testing.module.css";

interface Tap {
  title: string;
  payload: string;
}

/** What the customer does, by the simulator of WhatsApp; and what other systems tell of them. */
export function Customer({ test }: { test: TestRun }) {
  const { message } = test;
  const { data: templates } = useQuery(templatesQuery);
  const { act, again } = useAct(test);
  return (
    <section className={classes["customer"]} aria-label={TEST.customer_label}>
      <h3>{TEST.customer}</h3>
      {message === null ? (
        <p className={classes["hint"]}>{TEST.no_message}</p>
      ) : (
        <div className={classes["acts"]}>
          {(Object.keys(TEST.does) as (keyof typeof TEST.does)[]).map((does) => (
            <Button key={does} size="xs" variant="default" onClick={() => act.mutate({ does })}>
              {TEST.does[does]}
            </Button>
          ))}
          {tapsOf(test, templates?.data ?? []).map(({ title, payload }) => (
            <Button
              key={`${title} ${payload}`}
              size="xs"
              variant="default"
              onClick={() => act.mutate({ does: "taps", text: title, payload })}
            >
              <span dir="auto">{TEST.taps(title)}</span>
            </Button>
          ))}
        </div>
      )}
      <Reply act={act} />
      <Events test={test} again={again} />
    </section>
  );
}

function useAct({ id, automation_id }: TestRun) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: testQuery(automation_id, id).queryKey });
  const act = useAction(
    {
      mutationFn: (body: {
        does: keyof typeof TEST.does | "replies" | "taps";
        text?: string;
        payload?: string;
      }) => call("POST /api/v1/automation_tests/:id/customer", { params: { id }, body }),
      onSuccess: again,
      onError: (error) => toast("bad", TEST.not_done, wordsOf(error)),
    },
    0,
  );
  return { act, again };
}

function Reply({ act }: { act: ReturnType<typeof useAct>["act"] }) {
  const [text, setText] = useState("");
  return (
    <form
      className={classes["reply"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") act.mutate({ does: "replies", text }, { onSuccess: () => setText("") });
      }}
    >
      <TextInput
        dir="auto"
        size="xs"
        aria-label={TEST.reply}
        placeholder={TEST.reply}
        maxLength={4_096}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={text.trim() === ""} loading={act.isPending}>
        {TEST.send}
      </Button>
    </form>
  );
}

/** What the flow waits for of other systems. */
function Events({ test: { run, flow }, again }: { test: TestRun; again: () => Promise<void> }) {
  const tell = useAction({
    mutationFn: (name: string) =>
      call("POST /api/v1/events", { body: { name, contact_id: run.contact.id, payload: {} } }),
    onSuccess: (_, name) => {
      toast("good", TEST.told, name);
      void again();
    },
    onError: (error) => toast("bad", TEST.not_done, wordsOf(error)),
  });
  const events = eventsOf(flow);
  if (events.length === 0) return null;
  return (
    <div className={classes["acts"]} role="group" aria-label={TEST.events}>
      {events.map((name) => (
        <Button key={name} size="xs" variant="default" onClick={() => tell.mutate(name)}>
          {TEST.event(name)}
        </Button>
      ))}
    </div>
  );
}

/** What there is to tap on the message that was sent last. */
function tapsOf({ run, flow, message }: TestRun, templates: readonly Template[]): Tap[] {
  const visit = run.activity.findLast(({ message_id }) => message_id === message?.id);
  const node = nodeOf(flow, visit?.node_id);
  if (node?.type !== "action" || node.act === null) return [];
  const { act } = node;
  switch (act.kind) {
    case "send_buttons":
      return act.buttons.map(({ id, title }) => ({ title, payload: id }));
    case "send_list":
      return act.rows.map(({ id, title }) => ({ title, payload: id }));
    case "send_template": {
      const template = templates.find(({ id }) => id === act.template_id);
      if (!template) return [];
      return templateOffers(template.components, {}).flatMap((offer, index) => {
        if (offer.kind !== "button") return [];
        const own = act.variables[`buttons.${index}.payload`];
        return [{ title: offer.title, payload: own?.from === "text" ? own.text : offer.payload }];
      });
    }
    default:
      return [];
  }
}
