import type { IconInbox } from "@tabler/icons-react";

type To =
  | "/inbox"
  | "/campaigns"
  | "/automations"
  | "/contacts"
  | "/sandbox"
  | "/simulator"
  | "/journal"
  | "/templates"
  | "/settings/webhooks"
  | "/docs";

/** A page that one can go to, with how much waits there. */
export interface Place {
  to: To;
  label: string;
  icon: typeof IconInbox;
  /** On a phone it stands behind "More". */
  aside?: boolean;
  count?: { of: number; says: (count: number) => string };
  /** How many are in trouble. */
  alert?: { of: number; says: (count: number) => string };
}
