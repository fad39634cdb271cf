import { Button, Modal, NativeSelect, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./change-consent.module.css";
import { CHANGE_CONSENT } from "./texts.ts";

/** Changes whether a person wants marketing, with the reason that the ledger keeps. */
export function ChangeConsent({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const client = useQueryClient();
  const [state, setState] = useState<(typeof CHANGE_CONSENT.states)[number]["value"]>("UNSUBSCRIBED");
  const [reason, setReason] = useState("");
  const save = useAction({
    mutationFn: () => call("POST /api/v1/contacts/:id/consent", { params: { id }, body: { state, reason } }),
    onSuccess: () => {
      toast("good", CHANGE_CONSENT.changed, CHANGE_CONSENT.changed_text);
      onClose();
    },
    onError: (error) => toast("bad", CHANGE_CONSENT.not_changed, wordsOf(error)),
    onSettled: () =>
      Promise.all([["contacts"], ["contact", id]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  return (
    <Modal opened onClose={onClose} title={CHANGE_CONSENT.dialog(name)} centered size={460}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") save.mutate();
        }}
      >
        <NativeSelect
          label={CHANGE_CONSENT.state}
          rightSection={chevron}
          data={CHANGE_CONSENT.states}
          value={state}
          onChange={({ currentTarget: { value } }) =>
            setState(CHANGE_CONSENT.states.find((one) => one.value === value)!.value)
          }
        />
        <Textarea
          label={CHANGE_CONSENT.reason}
          placeholder={CHANGE_CONSENT.reason_hint}
          required
          withAsterisk={false}
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
        <Button type="submit" disabled={reason.trim() === ""} loading={save.isPending}>
          {CHANGE_CONSENT.change}
        </Button>
      </form>
    </Modal>
  );
}
