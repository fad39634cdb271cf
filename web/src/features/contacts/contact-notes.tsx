import { Button, CloseButton, Textarea } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NoteCard } from "../../conversation/notes/note-card.tsx";
import { type Note, notesQuery } from "../../conversation/notes/queries.ts";
import { NOTES } from "../../conversation/notes/texts.ts";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Failure, Older } from "../../ui/page-state.tsx";
import classes from "./contact.module.css";
import { PAGE } from "./texts.ts";

/** What the team, and its automations, wrote about a contact for itself. */
export function Notes({ id }: { id: string }) {
  const query = useInfiniteQuery(notesQuery(id));
  const notes = query.data?.pages.flatMap((page) => page.data) ?? [];
  const [removed, remove] = useState<Note | null>(null);
  return (
    <section className={classes["block"]}>
      <h2>{PAGE.notes}</h2>
      <Writing id={id} />
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && notes.length === 0 && <p className={classes["soft"]}>{PAGE.no_notes}</p>}
      <ul className={classes["notes"]}>
        {notes.map((note) => (
          <li key={note.id}>
            <NoteCard note={note} />
            <CloseButton aria-label={NOTES.remove} title={NOTES.remove} onClick={() => remove(note)} />
          </li>
        ))}
      </ul>
      <Older query={query} size="xs">
        {PAGE.more}
      </Older>
      {removed && <RemoveNote note={removed} onClose={() => remove(null)} />}
    </section>
  );
}

function Writing({ id }: { id: string }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const add = useAction({
    mutationFn: () => call("POST /api/v1/contacts/:id/notes", { params: { id }, body: { text } }),
    onSuccess: () => {
      setText("");
      void client.invalidateQueries({ queryKey: notesQuery(id).queryKey });
    },
    onError: (error) => toast("bad", NOTES.not_added, wordsOf(error)),
  });
  return (
    <form
      className={classes["writing"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") add.mutate();
      }}
    >
      <Textarea
        dir="auto"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4_096}
        aria-label={NOTES.write}
        placeholder={NOTES.write}
        description={PAGE.notes_text}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={text.trim() === ""} loading={add.isPending}>
        {NOTES.add}
      </Button>
    </form>
  );
}

function RemoveNote({ note, onClose }: { note: Note; onClose: () => void }) {
  const client = useQueryClient();
  const removal = useAction({
    mutationFn: () => call("DELETE /api/v1/notes/:id", { params: { id: note.id } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: notesQuery(note.contact_id).queryKey }),
    onError: (error) => toast("bad", NOTES.not_removed, wordsOf(error)),
    onSettled: onClose,
  });
  return (
    <Confirm
      opened
      danger
      title={NOTES.remove_ask}
      yes={NOTES.remove}
      loading={removal.isPending}
      onYes={() => removal.mutate()}
      onClose={onClose}
    >
      <p>{NOTES.remove_text}</p>
    </Confirm>
  );
}
