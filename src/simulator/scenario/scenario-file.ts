/** The file of a scenario: what people, Meta and the network do, and when. docs/simulator.md tells it to people. */
import { z } from "zod";
import { sentence } from "../../base/base.ts";
import { Emoji, Referral, spoken, Words } from "../../contract/contract.ts";
import type { Timing } from "../world/world.ts";

const UNITS_MS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Seconds, or a number with its unit: `90`, `"500ms"`, `"2min"`, `"3d"`. Read as milliseconds. */
const Duration = z
  .union([
    z.number().min(0),
    z
      .string()
      .regex(/^\d+(?:\.\d+)?(?:ms|s|min|h|d)$/, 'write seconds, or for example "500ms", "2min", "3h", "7d"'),
  ])
  .transform((value) => {
    if (typeof value === "number") return value * 1_000;
    const [, number, unit] = /^([\d.]+)(\D+)$/.exec(value)!;
    return Number(number) * UNITS_MS[unit as keyof typeof UNITS_MS];
  });

const Share = z.number().min(0).max(1);
const Code = z.number().int().min(0);
const Digits = z.string().regex(/^\d{7,15}$/, "write a number in digits, with its country");
/** A name given with `as`, or Meta's id. */
const MessageName = z.string().min(1);
const Content = z.record(z.string(), z.unknown());
const Status = z.enum(["sent", "delivered", "read", "played", "failed"]);
const Span = z
  .tuple([Duration, Duration])
  .refine(([least, most]) => least <= most, "the shorter time comes first");

const Medium = z.strictObject({
  /** A file beside the scenario; a sample of its type when left out. */
  file: z.string().min(1).optional(),
  /** Instead of that: one that the simulator has, by its id. */
  id: z.string().regex(/^\d+$/, "write the id that the simulator gave").optional(),
  mime_type: z.string().optional(),
  caption: z.string().max(1_024).optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
  animated: z.boolean().optional(),
});

/** One of these is what the person says: as `POST /api/v1/sandbox/messages` takes it, but for files and what is named. */
const said = {
  ...spoken,
  location: spoken.location.unwrap().extend({ url: z.string().optional() }).optional(),
  image: Medium.optional(),
  video: Medium.optional(),
  audio: Medium.optional(),
  document: Medium.optional(),
  sticker: Medium.optional(),
  reaction: z.strictObject({ to: MessageName, emoji: Emoji }).optional(),
  edit: z.strictObject({ of: MessageName, text: Words }).optional(),
  revoke: MessageName.optional(),
  new_user_id: z
    .string()
    .regex(/^[A-Z]{2}\.\w+$/, "write for example US.13491208655302741918")
    .optional(),
  /** The security code of the chat has changed. */
  new_identity: z.string().min(1).optional(),
};

/** Another app or Meta's own agent has the thread; we hear of it all the same. */
const standby = z.boolean().default(false);

const Update = z.discriminatedUnion("do", [
  z
    .strictObject({
      do: z.literal("say"),
      from: Digits,
      name: z.string().optional(),
      /** The business number's id; the first when left out. */
      to: z.string().optional(),
      as: z.string().min(1).optional(),
      reply_to: MessageName.optional(),
      forwarded: z.boolean().optional(),
      referral: Referral.optional(),
      /** Said in a group: its id, its invite link or its subject. */
      group: z.string().min(1).optional(),
      standby,
      ...said,
    })
    .refine(
      (say) => Object.keys(said).filter((key) => say[key as keyof typeof said] !== undefined).length === 1,
      `say one thing: ${Object.keys(said).join(", ")}`,
    ),
  z.strictObject({
    do: z.literal("status"),
    status: Status,
    /** The message; one of another system when no step named it before. */
    of: MessageName,
    to: Digits,
    code: Code.optional(),
    category: z.enum(["marketing", "utility", "authentication", "service"]).optional(),
    callback_data: z.string().max(512).optional(),
    standby,
  }),
  z.strictObject({
    do: z.literal("template"),
    event: z.string().min(1),
    template_id: z.number().int(),
    name: z.string(),
    language: z.string().default("en_US"),
    reason: z.string().nullable().optional(),
    category: z.string().optional(),
    rejection_info: z.strictObject({ reason: z.string(), recommendation: z.string() }).optional(),
    /** Of PAUSED: for three hours, or for six. */
    pause: z.enum(["FIRST_PAUSE", "SECOND_PAUSE"]).optional(),
  }),
  z.strictObject({ do: z.literal("preference"), from: Digits, value: z.enum(["stop", "resume"]) }),
  /** What a colleague wrote in WhatsApp's own app. */
  z.strictObject({
    do: z.literal("echo"),
    to: Digits,
    as: z.string().min(1).optional(),
    text: Words,
    standby,
  }),
  /** A person taps a group's invite link, or goes, or takes back that they asked to join. */
  z.strictObject({ do: z.literal("join"), from: Digits, group: z.string().min(1) }),
  z.strictObject({ do: z.literal("leave"), from: Digits, group: z.string().min(1) }),
  /** A person calls the business, and hangs up with `hang_up`: the id of the call, or its name. */
  z.strictObject({
    do: z.literal("call"),
    from: Digits,
    as: z.string().min(1).optional(),
    hang_up: MessageName.optional(),
  }),
  /** A thread goes to another responder, as Meta's own agent or another app, or comes back to us. */
  z.strictObject({
    do: z.literal("handover"),
    from: Digits,
    to: z.string().min(1),
    of: z.string().min(1).default("escalation"),
    why: z.string().optional(),
  }),
  /** Whatever else Meta tells: a field and its value as it is. */
  z.strictObject({
    do: z.literal("field"),
    field: z.string().min(1),
    value: Content,
    /** The value is about a business number, and names it as Meta does. */
    number: z.boolean().default(false),
  }),
]);

const Fate = z.union(
  [
    z.enum(["lost_answer", "status_first", "bad_gateway"]),
    z.strictObject({ refuse: Code }),
    z.strictObject({ fail: Code }),
    z.strictObject({ go: z.array(Status).min(1) }),
    z.strictObject({ held: z.enum(["released", "dropped"]) }),
  ],
  'write "lost_answer", "status_first", "bad_gateway", {"refuse": code}, {"fail": code}, {"go": [statuses]} or {"held": "released" | "dropped"}',
);

const batch = z.number().int().min(1).max(1_000).default(1);
const Step = z
  .strictObject({
    /** From the beginning on. */
    at: Duration,
    /** Webhooks: these updates, `batch` in each, each posted `repeat` times, in an order of chance when asked for. */
    send: z.array(Update).min(1).optional(),
    repeat: z.number().int().min(1).max(100).default(1),
    reorder: z.boolean().default(false),
    signature: z.enum(["right", "wrong", "none"]).default("right"),
    /** Many updates of made-up people, as fast as they are answered. */
    burst: z
      .strictObject({
        updates: z.number().int().min(1).max(1_000_000),
        mix: z
          .strictObject({ messages: z.number().min(0).optional(), statuses: z.number().min(0).optional() })
          .optional(),
        people: z.number().int().min(1).default(100),
        at_once: z.number().int().min(1).max(256).default(16),
      })
      .optional(),
    /** For so long nothing reaches Wharf, or the Graph API or its host of files answers 503. 0 ends it. */
    outage: Duration.optional(),
    of: z.enum(["webhooks", "graph", "media"]).default("webhooks"),
    /** The outcomes of the next messages that are sent to the Graph API. */
    next: z.array(Fate).optional(),
    batch,
  })
  .refine(
    ({ send, burst, outage, next }) =>
      [send, burst, outage, next].filter((part) => part !== undefined).length === 1,
    "a step does one thing: send, burst, outage or next",
  );

const GraphSettings = z.strictObject({
  token: z.string().min(1).optional(),
  /** Of the templates that are reviewed. */
  approved: Share.optional(),
  windows: z.boolean().optional(),
  throughput: z.number().int().min(1).optional(),
  /** Null: no limit. */
  management_calls_per_h: z.number().int().min(1).nullable().optional(),
  odds: z
    .strictObject({
      failed: Share,
      delivered: Share,
      read: Share,
      read_at_once: Share,
      played: Share,
      held: Share,
      codes: z.record(z.string().regex(/^\d+$/), z.number().min(0)),
    })
    .partial()
    .optional(),
  timing: z
    .strictObject({
      sent: Span,
      delivered: Span,
      read: Span,
      played: Span,
      held: Span,
      review: Span,
    })
    .partial()
    .transform((spans): Partial<Timing> =>
      Object.fromEntries(Object.entries(spans).map(([step, span]) => [`${step}_ms`, span])),
    )
    .optional(),
});
export type GraphSettings = z.infer<typeof GraphSettings>;

const Scenario = z.strictObject({
  about: z.string().optional(),
  /** Repeats the same choices. */
  seed: z.number().int().optional(),
  people: z
    .array(
      z.strictObject({
        wa_id: Digits,
        name: z.string(),
        username: z.string().nullable().default(null),
        /** Meta tells of them by their user id alone. */
        hidden: z.boolean().default(false),
      }),
    )
    .default([]),
  /** How the Graph API behaves that `--graph` opens beside it. */
  graph: GraphSettings.default({}),
  steps: z.array(Step).default([]),
});
export type Scenario = z.infer<typeof Scenario>;
export type ScenarioUpdate = z.infer<typeof Update>;
export type ScenarioStep = z.infer<typeof Step>;

/** What can be changed of a simulator that runs. */
const SettingsChange = z.strictObject({
  /** How many times faster than life everything follows. */
  speed: z.number().min(1).max(1_000_000).optional(),
  /** How webhooks leave; see LineSettings. */
  line: z
    .strictObject({
      repeat: z.number().int().min(1).max(100),
      batch: z.number().int().min(1).max(1_000),
      reorder: z.boolean(),
      gather: Duration,
    })
    .partial()
    .transform(({ gather, ...line }) => ({ ...line, ...(gather === undefined ? {} : { gather_ms: gather }) }))
    .optional(),
  graph: GraphSettings.omit({ token: true }).optional(),
});

/** Throws an Error that names the place and what is wrong there, line by line. */
export function readScenario(given: unknown): Scenario {
  let value = given;
  if (typeof given === "string")
    try {
      value = JSON.parse(given);
    } catch (error) {
      throw new Error(`no JSON: ${(error as Error).message}`, { cause: error });
    }
  return read(Scenario, value, "the scenario");
}

/** One step, to be taken now. Throws as readScenario does. */
export const readStep = (value: unknown): ScenarioStep =>
  read(Step, typeof value === "object" ? { at: 0, ...value } : value, "the step");

/** Throws as readScenario does. */
export const readSettings = (value: unknown): z.infer<typeof SettingsChange> =>
  read(SettingsChange, value, "the change");

function read<Shape extends z.ZodType>(shape: Shape, value: unknown, whole: string): z.infer<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map(({ path, message }) => sentence(path, message, whole)).join("\n"));
}
