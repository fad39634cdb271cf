import { isolate } from "../../lib/words/isolate.ts";

/** What private notes say. */
export const NOTES = {
  label: "Private note",
  by_automation: (name: string) => `Automation ${isolate(name)}`,
  by_program: "API",
  write: "Write a note",
  hint: "Only your team sees it.",
  add: "Add note",
  remove: "Delete note",
  remove_ask: "Delete this note?",
  remove_text: "It is gone for everyone in your team.",
  not_added: "The note was not added",
  not_removed: "The note was not deleted",
};
