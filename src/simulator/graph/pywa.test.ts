/**
 * pywa, a public client in Python that knows nothing of Wharf, takes the simulator for Meta: it makes all of its
 * calls, and reads all of the webhooks. Its steps are in test/clients/pywa.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test } from "vitest";
import { findPywa, pywaDir } from "../../../test/support/pywa.ts";
import { createBox, NUMBERS } from "../simulator.ts";
import { BUSINESS } from "./account-calls/graph-accounts.ts";

interface Told {
  listening?: string;
  step?: string;
  ok?: boolean;
  error?: string;
  trace?: string;
  uncalled?: string[];
  webhook?: string;
  list?: string | null;
  what?: string | null;
  to_group?: boolean;
  /** Of `contacts` and `from` those that it left out, as Meta does. */
  without?: string[];
  parsed?: string | null;
  complaints?: string[];
  unknown?: string[];
  end?: boolean;
}

const found = await findPywa();
const told: Told[] = [];
if ("why" in found) console.warn(`pywa does not take the simulator for Meta here: ${found.why}.`);
if ("python" in found) {
  const child = spawn(found.python, [`${pywaDir}/main.py`], { stdio: ["pipe", "pipe", "inherit"] });
  afterAll(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readTo = async (isLast: (line: Told) => boolean) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`pywa ended early, after ${JSON.stringify(told.at(-1))}`);
      told.push(JSON.parse(value) as Told);
      if (isLast(told.at(-1)!)) return told.at(-1)!;
    }
  };
  const { listening } = await readTo((line) => line.listening !== undefined);
  const box = createBox({
    target_url: listening!,
    app_secret: "the app's secret",
    token: "TOKEN",
    speed: 1_000_000,
    graph: {
      odds: { failed: 0, delivered: 1, read: 1, read_at_once: 0, played: 1 },
      approved: 1,
      throughput: 1_000,
    },
  });
  afterAll(() => box.stop());
  const url = await box.listen(0);
  const { app_id } = (await box.state()).access;
  const { phone_number_id, waba_id } = NUMBERS[0]!;
  child.stdin.write(
    `${JSON.stringify({ url, app_id, phone_number_id, waba_id, business_id: BUSINESS.id })}\n`,
  );
  await readTo((line) => line.uncalled !== undefined);
  await box.drain();
  child.stdin.write("\n");
  await readTo((line) => line.end === true);
  child.stdin.end();
  await once(child, "exit");
}

/** What pywa has no type for, and what it can't read of Meta's either. */
function isUnreadable({ webhook, what, to_group, without }: Told): boolean {
  if (/^(?:flows|phone_number_name_update|group_\w+_update)$/.test(webhook!)) return true;
  // It wants contacts with each status, and a phone number with each system message: Meta leaves both out at times.
  const isBare =
    without!.includes("contacts") && (what === "failed" || (to_group === true && what === "sent"));
  return isBare || (what === "system" && without!.includes("from"));
}

describe.skipIf("why" in found)("pywa", () => {
  const steps = told.filter(({ step }) => step !== undefined);
  const webhooks = told.filter(({ webhook }) => webhook !== undefined);

  test.each(steps.map((each) => [each.step, each] as const))(
    "takes it for Meta: %s",
    (_, { ok, error, trace }) => {
      expect({ ok, error, trace }).toEqual({ ok: true, error: undefined, trace: undefined });
    },
  );

  test("every call that it has was made", () => {
    expect(told.find(({ uncalled }) => uncalled)?.uncalled).toEqual([]);
  });

  test("each webhook is an update of the type that pywa has for it, with no value that it doesn't know", () => {
    const readable = webhooks.filter((webhook) => !isUnreadable(webhook));
    expect(readable.length).toBeGreaterThan(100);
    expect(
      readable.filter(
        ({ parsed, complaints, unknown }) => parsed === null || complaints!.length + unknown!.length > 0,
      ),
    ).toEqual([]);
  });

  test("and there was at least one of each type that the simulator tells of", () => {
    const types = new Set(webhooks.flatMap(({ parsed }) => parsed ?? []));
    expect([...types].toSorted()).toEqual([
      "CallConnect",
      "CallPermissionUpdate",
      "CallStatus",
      "CallTerminate",
      "CallbackButton",
      "CallbackSelection",
      "DeletedMessage",
      "EditedMessage",
      "FlowCompletion",
      "GroupMessageStatuses",
      "IdentityChange",
      "Message",
      "MessageStatus",
      "OutgoingMessage",
      "PhoneNumberChange",
      "TemplateStatusUpdate",
      "UserMarketingPreferences",
    ]);
  });
});
