import { IconLock } from "@tabler/icons-react";
import { Ago } from "../../ui/ago.tsx";
import classes from "./notes.module.css";
import type { Note } from "./queries.ts";
import { NOTES } from "./texts.ts";

const authorOf = ({ user, source, automation_name }: Note): string => {
  if (user !== null) return user.name;
  return source === "AUTOMATION" ? NOTES.by_automation(automation_name ?? "") : NOTES.by_program;
};

/** What the team wrote for itself: drawn so that no one takes it for a message. */
export const NoteCard = ({ note }: { note: Note }) => (
  <div className={classes["note"]} role="note" aria-label={NOTES.label}>
    <small>
      <IconLock size={13} aria-hidden /> {NOTES.label} · <span dir="auto">{authorOf(note)}</span> ·{" "}
      <Ago time={note.created_at} />
    </small>
    <p dir="auto">{note.text}</p>
  </div>
);
