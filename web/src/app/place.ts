import type { IconInbox } from "@tabler/icons-react";
import type { Me } from "../lib/types.ts";

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
  /** What one needs to read for the page to be of use; without it, it is for everyone. */
  area?: keyof Me["permissions"];
  label: string;
  icon: typeof IconInbox;
  /** On a phone it stands behind "More". */
  aside?: boolean;
  count?: { of: number; says: (count: number) => string };
  /** How many are in trouble. */
  alert?: { of: number; says: (count: number) => string };
}
