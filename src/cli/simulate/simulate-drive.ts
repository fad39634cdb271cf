import { Command, InvalidArgumentError, Option } from "commander";
import { Agent } from "undici";
import { OperatorError, Problem, tableOf } from "../../base/base.ts";
import { readConfig } from "../../config.ts";
import { type Control, type ControlState, createControlClient } from "../../simulator/simulator.ts";
import { withConnections } from "../webhook-target.ts";

export interface DriveOptions {
  simulator?: string;
  token?: string;
}

export const simulatorOption = new Option(
  "--simulator <url>",
  "where the simulator is (that of the Wharf that runs on this data directory when left out)",
);
export const tokenOption = new Option(
  "--token <token>",
  "its access token (known with Wharf's own simulator)",
);

/** What a person writes, and where it belongs in a change of the simulator's settings. */
const SETTINGS = tableOf<{ path: readonly string[]; read: (text: string) => unknown }>({
  speed: { path: ["speed"], read: number },
  repeat: { path: ["line", "repeat"], read: number },
  batch: { path: ["line", "batch"], read: number },
  gather: { path: ["line", "gather"], read: duration },
  reorder: { path: ["line", "reorder"], read: onOff },
  throughput: { path: ["graph", "throughput"], read: number },
  management_calls_per_h: {
    path: ["graph", "management_calls_per_h"],
    read: (text) => (text === "none" ? null : number(text)),
  },
  windows: { path: ["graph", "windows"], read: onOff },
  approved: { path: ["graph", "approved"], read: number },
  codes: { path: ["graph", "odds", "codes"], read: weights },
  ...Object.fromEntries(
    ["failed", "delivered", "read", "read_at_once", "played", "held"].map((name) => [
      name,
      { path: ["graph", "odds", name], read: number },
    ]),
  ),
});
const TIMED = ["sent", "delivered", "read", "played", "held", "review"];

function number(text: string): number {
  if (text.trim() === "" || Number.isNaN(Number(text)))
    throw new InvalidArgumentError(`${text} is no number.`);
  return Number(text);
}

/** Seconds, or with a unit; the simulator knows the units. */
function duration(text: string): number | string {
  return /^[\d.]+$/.test(text) ? Number(text) : text;
}

function onOff(text: string): boolean {
  if (text !== "on" && text !== "off") throw new InvalidArgumentError(`Write on or off, not ${text}.`);
  return text === "on";
}

function weights(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split("+").map((part) => {
      const [code = "", weight = "1"] = part.split(":");
      return [code, number(weight)];
    }),
  );
}

/** `failed=0.2`, `read=2s-5min` (a time), `speed=60`: the change that the simulator takes. */
export function readChange(pairs: readonly string[]): Record<string, unknown> {
  const change: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, name = "", text = ""] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    const isTime = TIMED.includes(name) && text.includes("-");
    const setting = isTime
      ? { path: ["graph", "timing", name], read: (span: string) => span.split("-").map(duration) }
      : SETTINGS[name];
    if (!setting)
      throw new InvalidArgumentError(
        `${pair} is no setting; write name=value with one of ${Object.keys(SETTINGS).join(", ")}, or a time such as read=2s-5min of ${TIMED.join(", ")}.`,
      );
    let place = change;
    for (const part of setting.path.slice(0, -1)) place = (place[part] ??= {}) as Record<string, unknown>;
    place[setting.path.at(-1)!] = setting.read(text);
  }
  return change;
}

/** `lost_answer`, `refuse:131056`, `go:sent,read`, `held:released`: the outcome of a message. */
export function readFate(text: string): unknown {
  const [, name = "", value] = /^(\w+)(?::(.+))?$/.exec(text) ?? [];
  if (value === undefined) return name;
  if (name === "refuse" || name === "fail") return { [name]: number(value) };
  return { [name]: name === "go" ? value.split(",") : value };
}

/** The state as lines for people. */
export function stateLines(state: ControlState): string[] {
  const { access, speed, line, graph, next, outages, count, playing } = state;
  const { odds, timing } = graph;
  const share = (part: number) => `${Math.round(part * 1_000) / 10}%`;
  const span = ([least, most]: readonly [number, number]) => `${least}-${most} s`;
  const out = Object.entries(outages).filter(([, ends_at]) => ends_at !== null);
  return [
    `graph API ${access.graph_url}, token ${access.access_token ?? "any"}, app ${access.app_id}`,
    ...access.numbers.map(
      ({ phone_number_id, display_phone_number, waba_id }) =>
        `number ${phone_number_id} (+${display_phone_number}) of account ${waba_id}`,
    ),
    `speed ${speed}`,
    `odds  failed ${share(odds.failed)}, delivered ${share(odds.delivered)}, read ${share(odds.read)} (${share(odds.read_at_once)} without delivered), played ${share(odds.played)}, held ${share(odds.held)}`,
    `codes ${Object.entries(odds.codes)
      .map(([code, weight]) => `${code}:${weight}`)
      .join(" + ")}`,
    `times ${Object.entries(timing)
      .map(([step, times]) => `${step} ${span(times)}`)
      .join(", ")}`,
    `graph ${graph.throughput} messages a second, ${graph.management_calls_per_h ?? "any number of"} management calls an hour, windows ${graph.windows ? "on" : "off"}, ${share(graph.approved)} of templates approved`,
    `line  posted ${line.repeat === 1 ? "once" : `${line.repeat} times`}, at most ${line.batch} in a webhook, gathered for ${line.gather} s${line.reorder ? ", in an order of chance" : ""}`,
    ...(next.length > 0 ? [`next  ${next.map((fate) => JSON.stringify(fate)).join(", ")}`] : []),
    ...out.map(([of, ends_at]) => `away  ${of} until ${ends_at}`),
    ...(playing
      ? [
          `plays step ${playing.step} of ${playing.steps}${playing.ended_at === null ? "" : ", ended"}${playing.error === null ? "" : `: ${playing.error}`}`,
        ]
      : []),
    `so far ${count.messages} messages taken; ${count.webhooks} webhooks: ${count.acknowledged} acknowledged, ${count.waiting} waiting, ${count.refused} given up or forged, ${count.retried} tries after the first`,
  ];
}

/** The simulator of the Wharf that runs on this data directory, or the one that was named. */
export async function reachSimulator(options: DriveOptions): Promise<{ url: string; token: string }> {
  if (options.simulator !== undefined)
    return { url: options.simulator.replace(/\/+$/, ""), token: options.token ?? "" };
  return withConnections(
    readConfig(),
    "so there is no simulator; start it, or give --simulator",
    async (connections) => {
      const found = await connections.find(null);
      const connection = found && (await connections.reach(found.id));
      if (!connection || new URL(connection.graph_url).hostname !== "127.0.0.1")
        throw new OperatorError("This Wharf has Meta's own Graph API, and no simulator; give --simulator.");
      return { url: connection.graph_url, token: options.token ?? connection.access_token ?? "" };
    },
  );
}

/** What is asked of a simulator, and an end of the connections to it. */
export async function withControl<T>(
  where: { url: string; token: string },
  work: (control: Control) => Promise<T>,
): Promise<T> {
  const agent = new Agent();
  try {
    return await work(createControlClient({ reach: () => Promise.resolve(where), dispatcher: agent }));
  } finally {
    await agent.close();
  }
}

/** Works on the simulator, and says in a sentence what went wrong. */
async function drive(options: DriveOptions, work: (control: Control) => Promise<string[]>): Promise<void> {
  try {
    console.log((await withControl(await reachSimulator(options), work)).join("\n"));
  } catch (error) {
    const away = error instanceof Problem && error.code === "SIMULATOR_AWAY";
    console.error(
      away
        ? "The simulator does not answer, or does not take this token."
        : error instanceof Error
          ? error.message
          : error,
    );
    process.exitCode = 1;
  }
}

const command = (name: string, description: string) =>
  new Command(name).description(description).addOption(simulatorOption).addOption(tokenOption);

/** `wharf simulate state`, `set`, `next`, `outage`, `step`: a simulator that runs is driven. */
export function driveCommands(): Command[] {
  return [
    command("state", "how a simulator that runs plays Meta, and what it did").action(
      (options: DriveOptions) => drive(options, async (control) => stateLines(await control.state())),
    ),
    command("set", "change its odds, times and limits, how its webhooks leave, and how fast its clock runs")
      .argument("<settings...>", "for example speed=60 failed=0.2 read=2s-5min repeat=2 reorder=on")
      .action((pairs: string[], options: DriveOptions) =>
        drive(options, async (control) => {
          await control.change(readChange(pairs));
          return stateLines(await control.state());
        }),
      ),
    command("next", "the outcomes of the next messages, one each")
      .argument(
        "<fates...>",
        "lost_answer, status_first, bad_gateway, refuse:<code>, fail:<code>, go:sent,read, held:released, held:dropped; none forgets",
      )
      .action((fates: string[], options: DriveOptions) =>
        drive(options, async (control) => {
          await control.take({ next: fates[0] === "none" ? [] : fates.map(readFate) });
          const { next } = await control.state();
          return next.length === 0
            ? ["Chance decides about the next messages."]
            : next.map((fate, at) => `${at + 1}  ${JSON.stringify(fate)}`);
        }),
      ),
    command("outage", "let nothing through for a while: webhooks, or the Graph API, or its files; 0 ends it")
      .argument("<duration>", "seconds, or for example 90s, 10min, 2h")
      .addOption(
        new Option("--of <what>", "what is away").choices(["webhooks", "graph", "media"]).default("webhooks"),
      )
      .action((length: string, { of, ...options }: DriveOptions & { of: "webhooks" | "graph" | "media" }) =>
        drive(options, async (control) => {
          await control.take({ outage: duration(length), of });
          const ends_at = (await control.state()).outages[of];
          return [ends_at === null ? `There is no outage of ${of}.` : `Nothing of ${of} until ${ends_at}.`];
        }),
      ),
    command("step", "take one step of a scenario, now")
      .argument("<json>", 'for example \'{"burst": {"updates": 1000}, "batch": 100}\'')
      .action((json: string, options: DriveOptions) =>
        drive(options, async (control) => {
          await control.take(JSON.parse(json));
          return stateLines(await control.state()).slice(-1);
        }),
      ),
  ];
}
