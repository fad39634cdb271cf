import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import classes from "./consent.module.css";
import type { Listed } from "./queries.ts";
import { BLACKLIST } from "./texts.ts";

const LISTS = { queryKey: ["contacts"] };

function Reason({ value, put }: { value: string; put: (value: string) => void }) {
  return (
    <Textarea
      label={BLACKLIST.reason}
      placeholder={BLACKLIST.reason_hint}
      maxLength={500}
      autosize
      minRows={2}
      value={value}
      onChange={({ currentTarget }) => put(currentTarget.value)}
    />
  );
}

export function AddDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [phone, setPhone] = useState("");
  const [reason, setReason] = useState("");
  const add = useAction({
    mutationFn: () => call("POST /api/v1/blacklist", { body: { phone, reason } }),
    onSuccess: ({ display_name }) => {
      toast("good", BLACKLIST.added, BLACKLIST.added_text(display_name));
      onClose();
    },
    onSettled: () => client.invalidateQueries(LISTS),
  });
  const ready = phone.trim() !== "" && reason.trim() !== "";
  return (
    <Modal opened onClose={onClose} title={BLACKLIST.add_title} centered size={460}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) add.mutate();
        }}
      >
        <TextInput
          data-autofocus
          label={BLACKLIST.phone}
          placeholder={BLACKLIST.check_hint}
          maxLength={100}
          inputMode="tel"
          value={phone}
          error={add.error && wordsOf(add.error)}
          onChange={({ currentTarget: { value } }) => setPhone(value)}
        />
        <Reason value={reason} put={setReason} />
        <Button type="submit" disabled={!ready} loading={add.isPending}>
          {BLACKLIST.add}
        </Button>
      </form>
    </Modal>
  );
}

export function RemoveDialog({ row, onClose }: { row: Listed; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const name = row.display_name;
  const remove = useAction({
    mutationFn: () =>
      call("POST /api/v1/blacklist/:id/remove", { params: { id: row.contact_id }, body: { reason } }),
    onSuccess: () => {
      toast("good", BLACKLIST.removed, BLACKLIST.removed_text(name));
      onClose();
    },
    onError: (error) => toast("bad", BLACKLIST.not_removed, wordsOf(error)),
    onSettled: () => client.invalidateQueries(LISTS),
  });
  return (
    <Modal opened onClose={onClose} title={BLACKLIST.remove_title(name)} centered size={460}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") remove.mutate();
        }}
      >
        <p>{BLACKLIST.remove_text}</p>
        {row.by_whatsapp && <p className={classes["warning"]}>{BLACKLIST.by_whatsapp}</p>}
        <Reason value={reason} put={setReason} />
        <Button type="submit" color="red" disabled={reason.trim() === ""} loading={remove.isPending}>
          {BLACKLIST.remove}
        </Button>
      </form>
    </Modal>
  );
}
