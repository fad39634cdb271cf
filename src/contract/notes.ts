import { z } from "zod";
import { Named } from "./audience.ts";
import { read, work } from "./permissions.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";
import { Id } from "./shapes.ts";

/** What the team writes about a contact for itself: it is never sent. */
export const Note = z.object({
  id: Id,
  contact_id: Id,
  conversation_id: Id.nullable().describe("In which it stands; null: it is on the contact"),
  text: z.string(),
  source: z.enum(["AGENT", "API", "AUTOMATION"]),
  user: Named.nullable().describe("Who wrote it; null: a program did"),
  automation_name: z.string().nullable().describe("What the automation was called that wrote it"),
  created_at: z.iso.datetime(),
});

export const NewNote = z
  .object({
    text: z.string().trim().min(1).max(4_096),
    conversation_id: Id.optional().describe("One of the contact's; without it the note is on the contact"),
  })
  .strict();

/** Private notes, on a contact and in its conversations. */
export const noteRoutes = {
  "GET /api/v1/contacts/:id/notes": {
    needs: read("inbox", "audience"),
    sees: "contact",
    summary: "Private notes about a contact, newest first",
    params: ById,
    query: Page,
    response: list(Note),
  },
  "POST /api/v1/contacts/:id/notes": {
    needs: work("inbox", "audience"),
    sees: "contact",
    summary: "Write a private note about a contact; it is never sent",
    params: ById,
    body: NewNote,
    response: Note,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/conversations/:id/notes": {
    needs: read("inbox"),
    sees: "conversation",
    summary: "Private notes in a conversation, newest first, with those on its contact",
    params: ById,
    query: Page,
    response: list(Note),
  },
  "DELETE /api/v1/notes/:id": {
    needs: work("inbox", "audience"),
    sees: "note",
    summary: "Delete a private note",
    params: ById,
    response: z.null(),
    status: 204,
  },
} as const satisfies Record<string, Endpoint>;
