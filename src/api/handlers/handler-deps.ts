import type { FollowJoin, Happened } from "../../audience/audience.ts";
import { type Clock, Problem } from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import type { CallSecrets, Endpoints, Recoveries, Sender, Tester } from "../../delivery/delivery.ts";
import type { confirm } from "../../installation/installation.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Listen } from "../../live/live.ts";
import type { FileStore } from "../../media/media.ts";
import type { SubmitDeps, TemplateUse } from "../../templates/templates.ts";
import type { ConnectionDeps } from "../connections/connections.ts";
import type { Caller, People } from "../people/people.ts";
import type { Installation, Sandbox } from "../whole/whole.ts";

export interface HandlerDeps
  extends Pick<SubmitDeps, "graphs" | "log">, Pick<ConnectionDeps, "connections" | "graph"> {
  files: FileStore;
  /** What else uses templates. */
  template_uses: readonly TemplateUse[];
  db: Database;
  /** For what becomes due. */
  clock: Clock;
  journal: Pick<
    Journal,
    "list" | "counts" | "neighbours" | "get" | "retry" | "queueAgain" | "retention_days"
  >;
  endpoints: Endpoints;
  recoveries: Pick<Recoveries, "count" | "begin" | "countChosen" | "resend" | "list" | "cancel">;
  tester: Pick<Tester, "test">;
  call_secrets: CallSecrets;
  sender: Pick<Sender, "send">;
  sandbox: Sandbox | null;
  people: Pick<People, "updateProfile">;
  installation: Installation;
  /** What is done with what was pending, before a Wharf that was restored or copied may send. */
  releases: Parameters<typeof confirm>[2];
  /** What else hangs on a contact's id, and follows when two are merged. */
  join_followers: readonly FollowJoin[];
  /** Whether notices can leave by email. */
  mail_configured?: boolean;
  /** Where people reach Wharf from outside, for links of campaigns; null: it is not set. */
  public_url?: string | null | undefined;
  /** Told of messages that people cancel, or have sent again. */
  listen?: Listen | undefined;
  /** Told of what is done to contacts. */
  happened?: Happened | undefined;
}

/** An API key is no user, so nothing is assigned to it. */
export function userIdOf(caller: Caller, what = "query.assignee: `me`"): string {
  if (!caller.user) throw new Problem("INVALID_REQUEST", `${what} needs a signed-in person`);
  return caller.user.id;
}
