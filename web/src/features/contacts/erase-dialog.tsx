import { TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import type { ContactDetail } from "../../lib/types.ts";
import { Confirm } from "../../ui/confirm.tsx";
import classes from "./contacts.module.css";
import { ERASE } from "./texts.ts";

/** Says what goes and what stays, and asks for a word to be typed. */
export function EraseDialog({ contact, onClose }: { contact: ContactDetail; onClose: () => void }) {
  const client = useQueryClient();
  const [typed, type] = useState("");
  const { data: preview } = useQuery({
    queryKey: ["contact", contact.id, "erase"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/:id/erase", { params: { id: contact.id }, signal }),
    staleTime: 0,
  });
  const erase = useAction({
    mutationFn: () =>
      call("POST /api/v1/contacts/:id/erase", { params: { id: contact.id }, body: { confirm: true } }),
    onSuccess: () => {
      toast("good", ERASE.done, ERASE.done_text);
      onClose();
    },
    onError: (error) => toast("bad", ERASE.failed, wordsOf(error)),
    // Also conversations and messages that are shown elsewhere.
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Confirm
      opened
      danger
      title={ERASE.title(contact.display_name)}
      yes={ERASE.yes}
      loading={erase.isPending}
      disabled={typed.trim() !== ERASE.word}
      onYes={() => erase.mutate()}
      onClose={onClose}
    >
      <p>{ERASE.text}</p>
      <ul className={classes["says"]}>
        <li>{ERASE.names}</li>
        {preview && preview.messages > 0 && <li>{ERASE.messages(preview.messages)}</li>}
        {preview && preview.files > 0 && <li>{ERASE.files(preview.files)}</li>}
        {preview && preview.queued > 0 && <li>{ERASE.queued(preview.queued)}</li>}
      </ul>
      <p>{ERASE.stays}</p>
      <p>{ERASE.later}</p>
      {preview && <p>{ERASE.journal(preview.journal_days)}</p>}
      <TextInput
        label={ERASE.type(ERASE.word)}
        autoComplete="off"
        value={typed}
        onChange={({ currentTarget: { value } }) => type(value)}
      />
    </Confirm>
  );
}
