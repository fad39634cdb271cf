import type { Clock } from "../../base/base.ts";
import { failureOf, type GraphStandIn } from "../graph/graph.ts";
import { type PlayedMedium, type Simulator, updateOf } from "../webhooks/webhooks.ts";
import {
  type BusinessNumber,
  echo,
  fieldUpdate,
  findPerson,
  handover,
  inStandby,
  MEDIA_TYPES,
  type MediaType,
  preference,
  status,
  templateStatus,
  type Update,
  withoutUndefined,
} from "../world/world.ts";
import { playedOf, takeMedium } from "./samples.ts";
import type { ScenarioUpdate } from "./scenario-file.ts";

/** What updates of a scenario refer to. */
export interface Telling {
  simulator: Simulator;
  standIn: GraphStandIn;
  clock: Clock;
  readFile: ((name: string) => Promise<Buffer>) | undefined;
  /** The business number where a step names none. */
  number: BusinessNumber;
  /** Ids of messages and calls, by the names that the scenario gave. */
  wamids: Record<string, string>;
}

type Doing<Do extends ScenarioUpdate["do"]> = Extract<ScenarioUpdate, { do: Do }>;
type Said = Doing<"say">;

/** The update of a webhook that tells what a step says. */
export async function updateFor(telling: Telling, update: ScenarioUpdate): Promise<Update> {
  const told = await toldOf(telling, update, Math.floor(telling.clock.now() / 1_000));
  return "standby" in update && update.standby ? inStandby(told) : told;
}

const nameOf = ({ wamids }: Telling, name: string): string => wamids[name] ?? name;
const personOf = ({ simulator }: Telling, wa_id: string) => findPerson(simulator.personas(), wa_id);

function toldOf(telling: Telling, update: ScenarioUpdate, time: number): Update | Promise<Update> {
  const { number, standIn } = telling;
  switch (update.do) {
    case "say":
      return said(telling, update, time);
    case "preference":
      return preference({ number, from: personOf(telling, update.from), time }, update.value);
    case "handover": {
      const { from, to: new_owner_role, of: previous_owner_role, why: metadata } = update;
      const about = { number, from: personOf(telling, from), time };
      return handover(about, { new_owner_role, previous_owner_role, metadata });
    }
    case "template":
      return templateTold(telling, update, time);
    case "status":
      return statusTold(telling, update, time);
    case "echo": {
      const wamid = named(telling, update.as, telling.simulator.wamid(update.to, "outbound"));
      return echo({ number, from: personOf(telling, update.to), wamid, time }, update.text);
    }
    case "join":
    case "leave":
      return standIn.groups[update.do](
        standIn.groups.named(update.group),
        personOf(telling, update.from),
        time,
      );
    case "call":
      return callTold(telling, update, time);
    case "field": {
      const { field, value } = update;
      const about = { waba_id: number.waba_id, number: update.number ? number : null };
      return fieldUpdate({ ...about, field, value, time });
    }
  }
}

/** The id, by which later steps find it when the step gives it a name. */
function named({ wamids }: Telling, as: string | undefined, id: string): string {
  if (as !== undefined) wamids[as] = id;
  return id;
}

function templateTold({ number, standIn }: Telling, update: Doing<"template">, time: number): Update {
  const { do: _do, reason, category, rejection_info, pause, ...about } = update;
  standIn.noteTemplate(String(about.template_id), about.event, reason ?? null);
  return templateStatus({
    ...about,
    waba_id: number.waba_id,
    time,
    ...withoutUndefined({ reason, category, rejection_info, pause }),
  });
}

function statusTold(telling: Telling, update: Doing<"status">, time: number): Update {
  const { number, simulator, wamids } = telling;
  const { code, category, callback_data, of, to } = update;
  const wamid = of.startsWith("wamid.") ? of : (wamids[of] ??= simulator.wamid(to, "outbound"));
  return status({
    number,
    wamid,
    recipient: personOf(telling, to),
    status: update.status,
    time,
    ...withoutUndefined({ category, callback_data }),
    ...(code === undefined ? {} : { errors: [failureOf(code)] }),
  });
}

function callTold(telling: Telling, { from, as, hang_up }: Doing<"call">, time: number): Update {
  const { calls } = telling.standIn;
  if (hang_up !== undefined) return calls.hangUp(nameOf(telling, hang_up), time);
  const { id, told } = calls.ring(telling.number, personOf(telling, from), time);
  named(telling, as, id);
  return told;
}

async function said(telling: Telling, update: Said, time: number): Promise<Update> {
  const { simulator, standIn, number } = telling;
  const { from, to, name, as, reply_to, reaction, edit, revoke, group } = update;
  const files = await filesOf(telling, update);
  const wamid = named(telling, as, simulator.wamid(from, "inbound"));
  const told = updateOf(
    {
      ...contentOf(update),
      ...files,
      from,
      phone_number_id: to ?? number.phone_number_id,
      profile_name: name,
      context_wamid: reply_to === undefined ? undefined : nameOf(telling, reply_to),
      reaction: reaction && { message_id: nameOf(telling, reaction.to), emoji: reaction.emoji },
      edit: edit && { message_id: nameOf(telling, edit.of), text: edit.text },
      revoke: revoke === undefined ? undefined : nameOf(telling, revoke),
    },
    { personas: simulator.personas(), numbers: simulator.numbers() },
    wamid,
    time,
  );
  if (group !== undefined) told.item["group_id"] = standIn.groups.named(group).id;
  return told;
}

/** What is said as the simulator's own input says it too. */
function contentOf(update: Said) {
  const {
    do: _do,
    from: _from,
    to: _to,
    name: _name,
    as: _as,
    reply_to: _reply,
    group: _group,
    ...rest
  } = update;
  const { reaction: _reaction, edit: _edit, revoke: _revoke, standby: _standby, ...content } = rest;
  const {
    image: _image,
    video: _video,
    audio: _audio,
    document: _document,
    sticker: _sticker,
    ...plain
  } = content;
  return plain;
}

async function filesOf(telling: Telling, update: Said): Promise<Partial<Record<MediaType, PlayedMedium>>> {
  const files: Partial<Record<MediaType, PlayedMedium>> = {};
  for (const type of MEDIA_TYPES) {
    const medium = update[type];
    if (medium) files[type] = await mediumOf(telling, type, medium);
  }
  return files;
}

async function mediumOf(
  { standIn, readFile }: Telling,
  type: MediaType,
  { file, id, ...about }: NonNullable<Said[MediaType]>,
): Promise<PlayedMedium> {
  if (id !== undefined) {
    const known = standIn.findMedia(id);
    if (!known) throw new Error(`the simulator has no file ${id}`);
    return playedOf(about, known);
  }
  if (file !== undefined && !readFile) throw new Error(`${file} can't be read here`);
  return takeMedium(standIn, type, about, file === undefined ? undefined : await readFile!(file));
}
