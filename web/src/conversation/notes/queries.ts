import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";

export type Note = Reply<"GET /api/v1/contacts/:id/notes">["data"][number];

/** Of a contact, newest first; what is told of the contact reads them again. */
export const notesQuery = (contact_id: string) =>
  infiniteQueryOptions({
    queryKey: ["contact", contact_id, "notes"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/contacts/:id/notes", {
        params: { id: contact_id },
        query: { cursor: pageParam ?? undefined, limit: 20 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** The newest that stand in a conversation, and those on its contact. */
export const threadNotesQuery = (conversation_id: string, contact_id: string) =>
  infiniteQueryOptions({
    queryKey: ["contact", contact_id, "notes", conversation_id] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/conversations/:id/notes", {
        params: { id: conversation_id },
        query: { cursor: pageParam ?? undefined, limit: 100 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
