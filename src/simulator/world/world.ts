/** People, numbers and ids that the simulator knows, what happens to messages, and updates in Meta's shapes. */
export {
  type BusinessNumber,
  findPerson,
  identityShown,
  NUMBERS,
  type Persona,
  PERSONAS,
  userIdBehind,
  waIdOf,
} from "./cast.ts";
export { type Fate, type Odds, planOf, type Step, type Timing, USUAL_ODDS, USUAL_TIMING } from "./fates.ts";
export { type Blocked, createMemory, type Memory } from "./memory.ts";
export { createRandom, shuffled } from "./random.ts";
export {
  batchesOf,
  button,
  buttonReply,
  contactOf,
  contacts,
  echo,
  edit,
  fieldUpdate,
  handover,
  identityChanged,
  type Inbound,
  inbound,
  inStandby,
  location,
  media,
  MEDIA_TYPES,
  type MediaType,
  MIME_TYPES,
  numberChanged,
  preference,
  reaction,
  revoke,
  status,
  type StatusOf,
  templateStatus,
  type TemplateStatusOf,
  text,
  unsupported,
  type Update,
  userIdChanged,
  webhookOf,
  webhooksOf,
} from "./updates.ts";
export { metaJson, wamidOf } from "./wire.ts";
export { withoutUndefined } from "./without-undefined.ts";
