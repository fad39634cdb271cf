import { Autocomplete, Button, Switch, Textarea } from "@mantine/core";
import "@mantine/core/styles/Combobox.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { sandboxQuery } from "../../../lib/server/queries.ts";
import { testQuery } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { TEST } from "../test-texts.ts";
import classes from "./testing.module.css";

const PHONE_KEY = "+";

function readPayload(text: string): Record<string, unknown> | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Who is taken through, and what the trigger tells of them. */
export function StartTest({ onStart }: { onStart: (id: string) => void }) {
  const client = useQueryClient();
  const { automation_id } = useDrawing();
  const { data: sandbox } = useQuery(sandboxQuery);
  const people = (sandbox?.personas ?? []).map(({ wa_id, name }) => ({
    phone: `${PHONE_KEY}${wa_id}`,
    name,
  }));
  const [typed, setTyped] = useState<string | null>(null);
  const phone = typed ?? people[0]?.phone ?? "";
  const offering = useRef(false);
  const [payload, setPayload] = useState("");
  const [by_steps, setBySteps] = useState(true);
  const told = readPayload(payload);
  const start = useAction({
    mutationFn: () =>
      call("POST /api/v1/automations/:id/test", {
        params: { id: automation_id },
        body: { phone, payload: told ?? {}, by_steps },
      }),
    onSuccess: (test) => {
      client.setQueryData(testQuery(automation_id, test.id).queryKey, test);
      onStart(test.id);
    },
    onError: (error) => toast("bad", TEST.not_started, wordsOf(error)),
  });
  return (
    <form
      className={classes["fields"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (told !== null) start.mutate();
      }}
    >
      <p className={classes["hint"]}>{TEST.lead}</p>
      <Autocomplete
        type="tel"
        label={TEST.phone}
        description={TEST.phone_hint}
        data={people.map((person) => person.phone)}
        filter={({ options }) => options}
        renderOption={({ option }) => (
          <span className={classes["person"]}>
            <span>{option.value}</span>
            <small dir="auto">{people.find((person) => person.phone === option.value)?.name}</small>
          </span>
        )}
        value={phone}
        onChange={setTyped}
        onDropdownOpen={() => (offering.current = true)}
        onDropdownClose={() => (offering.current = false)}
        // It closes what is offered, and not the panel.
        onKeyDownCapture={(event) => {
          if (event.key === "Escape" && offering.current) event.preventDefault();
        }}
      />
      <Textarea
        label={TEST.payload}
        placeholder="{}"
        autosize
        minRows={2}
        maxRows={10}
        error={told === null && TEST.payload_wrong}
        value={payload}
        onChange={({ currentTarget }) => setPayload(currentTarget.value)}
      />
      <Switch
        label={TEST.by_steps}
        checked={by_steps}
        onChange={({ currentTarget: { checked } }) => setBySteps(checked)}
      />
      <Button type="submit" loading={start.isPending} disabled={told === null || phone.trim() === ""}>
        {TEST.start}
      </Button>
    </form>
  );
}
