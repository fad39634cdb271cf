import { newId, Problem } from "../../base/base.ts";
import {
  type BusinessNumber,
  createMemory,
  findPerson,
  identityShown,
  type Memory,
  NUMBERS,
  type Persona,
  PERSONAS,
  shuffled,
  type Update,
  userIdBehind,
  wamidOf,
} from "../world/world.ts";
import { type PlayInput, updateOf } from "./played-message.ts";
import type { Answer } from "./post.ts";
import type { Delivered, DeliverOptions, Simulator, SimulatorOptions } from "./simulator-types.ts";
import {
  createWebhookSender,
  handshake,
  outageLeft_ms,
  send,
  sendAll,
  track,
  webhooksFor,
  type WebhookSender,
} from "./webhook-sender.ts";

/** People, numbers and what was told of them, and the sender of what is told. */
interface Cast {
  readonly sender: WebhookSender;
  readonly memory: Memory;
  readonly seed: number | undefined;
  numbers: BusinessNumber[];
  personas: Persona[];
  /** Ids made so far, with a seed. */
  made: number;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const sender = createWebhookSender(options);
  const { background, stopping, poster, target_url } = sender;
  const cast: Cast = {
    sender,
    memory: createMemory(),
    seed: options.seed,
    numbers: [...(options.numbers ?? NUMBERS)],
    personas: [...(options.personas ?? PERSONAS)],
    made: 0,
  };
  const { memory } = cast;
  return {
    target_url,
    personas: () => [...cast.personas],
    meet(people) {
      for (const person of people)
        if (!cast.personas.some(({ wa_id }) => wa_id === person.wa_id)) cast.personas.push(person);
    },
    rename: (wa_id, user_id) => rename(cast, wa_id, user_id),
    numbers: () => [...cast.numbers],
    addNumber: (number) => void cast.numbers.push(number),
    describe: () => Promise.resolve({ personas: [...cast.personas], numbers: [...cast.numbers] }),
    play: (input, how) => play(cast, input, how),
    deliver: (updates, how) => deliver(cast, updates, how),
    outage(for_ms) {
      sender.out_until_ms = sender.elapsed_ms() + for_ms;
    },
    outageLeft_ms: () => outageLeft_ms(sender),
    memory,
    wamid: (wa_id, direction, by_user_id) => newWamid(cast, wa_id, direction, by_user_id),
    handshake: (verify_token) => handshake(sender, verify_token),
    async drain() {
      while (background.size > 0) await Promise.allSettled(background);
    },
    async stop() {
      stopping.abort();
      // Who waits for an answer need not wait for it any longer.
      await poster.stop();
      await Promise.allSettled(background);
    },
  };
}

function rename(cast: Cast, wa_id: string, user_id: string): string {
  const person = findPerson(cast.personas, wa_id);
  const previous = userIdBehind(person);
  const renamed = { ...person, user_id };
  cast.personas = cast.personas.includes(person)
    ? cast.personas.map((one) => (one === person ? renamed : one))
    : [...cast.personas, renamed];
  cast.memory.rename(previous, user_id);
  return previous;
}

function newWamid(
  cast: Cast,
  wa_id: string,
  direction: "inbound" | "outbound",
  by_user_id?: boolean,
): string {
  const identity = identityShown(findPerson(cast.personas, wa_id), by_user_id);
  return wamidOf(identity, direction, cast.seed === undefined ? newId() : `${cast.seed}:${cast.made++}`);
}

/** What a person wrote to a number that has blocked them: WhatsApp passes it on to no business. */
const isHeldBack = ({ memory }: Cast, { list, number, item }: Update): boolean =>
  list === "messages" &&
  number !== null &&
  memory.isBlocked(number.phone_number_id, String(item["from_user_id"]));

async function play(
  cast: Cast,
  input: PlayInput,
  { repeat = 1 }: { repeat?: number } = {},
): ReturnType<Simulator["play"]> {
  const { sender } = cast;
  const id = newWamid(cast, input.from, "inbound");
  const update = updateOf(input, cast, id, Math.floor(sender.clock.now() / 1_000));
  if (isHeldBack(cast, update)) {
    const { name } = findPerson(cast.personas, input.from);
    throw new Problem(
      "INVALID_REQUEST",
      `The business has blocked ${name}: WhatsApp passes on nothing of theirs. DELETE /${input.phone_number_id}/block_users unblocks them.`,
    );
  }
  cast.memory.note([update]);
  const { from, new_number } = input;
  // From now on they are written to at the new one.
  if (new_number !== undefined)
    cast.personas = cast.personas.map((one) =>
      one.wa_id === from ? { ...one, wa_id: new_number, user_id: undefined } : one,
    );
  const [webhook] = webhooksFor(sender, [update], 1, "right");
  const held = outageLeft_ms(sender) > 0;
  const { status, duration_ms } = await new Promise<Answer>((resolve, reject) => {
    track(sender, send(sender, webhook!, resolve)).catch(reject);
  });
  for (let times = 1; times < repeat; times++)
    void track(sender, send(sender, { ...webhook!, key: Symbol("webhook") }));
  return { wamid: id, status, duration_ms: Math.round(duration_ms), held };
}

async function deliver(
  cast: Cast,
  updates: readonly Update[],
  how: DeliverOptions = {},
): Promise<Delivered[]> {
  const { sender, memory } = cast;
  const { batch = 1, repeat = 1, shuffle = false, signature = "right", concurrency = 1 } = how;
  if (!(batch >= 1 && batch <= 1_000)) throw new RangeError("Meta puts 1 to 1000 updates into a webhook");
  const passed = updates.filter((update) => !isHeldBack(cast, update));
  // What is forged never happened.
  if (signature === "right") memory.note(passed);
  const mixed = <Item>(items: Item[]) => (shuffle ? shuffled(items, sender.random) : items);
  const once = webhooksFor(sender, mixed(passed), batch, signature);
  const repeated = Array.from({ length: repeat }, () =>
    once.map((webhook) => ({ ...webhook, key: Symbol("webhook") })),
  ).flat();
  return sendAll(sender, mixed(repeated), concurrency);
}
