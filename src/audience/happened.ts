import type { Tx } from "../db/db.ts";

/** What was done to a contact, for modules that do something about it. */
export type HappenedFact = { workspace_id: string; contact_id: string; at: Date } & (
  | { kind: "contact_created" }
  /** `id`: of the tag, list or field. */
  | { kind: "tag_added"; id: string }
  | { kind: "list_entered"; id: string }
  | { kind: "field_changed"; id: string; value: unknown }
  /** By an agent, the API or a file. */
  | { kind: "consent_changed" }
  | { kind: "api_event"; name: string; event_id: string; payload: unknown; key: string | null }
);

/** Is told in the transaction that did it, as the last but publishing. */
export type Happened = (tx: Tx, facts: readonly HappenedFact[]) => Promise<void>;

/** Who is told, and when it is; by the injected clock. */
export interface Telling {
  happened: Happened;
  now: Date;
}

/** Who got a tag, or came onto a list. */
export const joinedFacts = (
  { workspace_id, at }: { workspace_id: string; at: Date },
  { tagged, listed }: Record<"tagged" | "listed", readonly { id: string; contact_id: string }[]>,
): HappenedFact[] => [
  ...tagged.map(({ id, contact_id }) => ({ workspace_id, contact_id, at, kind: "tag_added" as const, id })),
  ...listed.map(({ id, contact_id }) => ({
    workspace_id,
    contact_id,
    at,
    kind: "list_entered" as const,
    id,
  })),
];
