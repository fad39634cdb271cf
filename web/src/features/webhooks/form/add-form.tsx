import { Button, Checkbox } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { ApiProblem, call } from "../../../lib/server/api.ts";
import { inOrder, putEndpoint, sentenceOf } from "../model/model.ts";
import { Disclosure } from "./disclosure.tsx";
import { DEFAULTS, settingsOf } from "./draft.ts";
import { EventsField, useEventChoice } from "./events-field.tsx";
import { AddressFields, DeliveryFields } from "./settings-fields.tsx";
import { ADD } from "../texts.ts";
import { useDraft } from "./use-draft.ts";
import shared from "../webhooks.module.css";

/** Where it goes, what is sent to it, and how. */
export function AddForm({
  onMade,
  onTouch,
  onCancel,
}: {
  onMade: (made: { id: string; secret: string }) => void;
  onTouch: (touched: boolean) => void;
  onCancel: () => void;
}) {
  const client = useQueryClient();
  const state = useDraft(DEFAULTS);
  useEffect(() => {
    onTouch(state.touched);
    return () => onTouch(false);
  }, [onTouch, state.touched]);
  const choice = useEventChoice();
  const [enabled, setEnabled] = useState(true);
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const save = useAction({
    mutationFn: () =>
      call("POST /api/v1/endpoints", {
        body: { ...settingsOf(state.draft), enabled, events: inOrder(choice.events) },
      }),
    onMutate: () => setProblem(null),
    onSuccess: (made) => {
      putEndpoint(client, made);
      onMade(made);
    },
    onError: (error) => {
      if (state.refuse(error)) {
        if (!(error instanceof ApiProblem) || !/URL|TARGET/.test(error.code)) setMore(true);
      } else setProblem(sentenceOf(error));
    },
  });

  return (
    <form
      className={shared["form"]}
      noValidate
      onSubmit={(event) =>
        state.submit(event, () => {
          if (choice.isAccepted()) save.mutate();
        })
      }
    >
      <AddressFields state={state} />
      <EventsField choice={choice} />
      <Checkbox
        label={ADD.enable}
        description={ADD.enable_hint}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <Disclosure label={ADD.more} open={more} onOpen={setMore}>
        <DeliveryFields state={state} />
      </Disclosure>
      {problem && (
        <p className={shared["wrong"]} role="alert">
          {problem}
        </p>
      )}
      <div className={shared["buttons"]}>
        <Button variant="default" onClick={onCancel}>
          {ADD.cancel}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {ADD.save}
        </Button>
      </div>
    </form>
  );
}
