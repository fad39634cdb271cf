import { tableOf } from "../../base/base.ts";
import type { FlowNode } from "../../contract/automations.ts";

/** What people read of a flow: names of nodes, and what is wrong with them and what to do. */

const ACTS = tableOf<string>({
  send_template: "Send a template",
  send_text: "Send a text",
  send_media: "Send a file",
  send_buttons: "Send buttons",
  send_list: "Send a list",
  add_tag: "Add a tag",
  remove_tag: "Remove a tag",
  add_to_list: "Add to a list",
  remove_from_list: "Remove from a list",
  set_field: "Set a field",
  assign: "Assign",
  resolve: "Resolve",
  add_note: "Add a note",
  notify_user: "Notify the team",
  notify_endpoint: "Notify a webhook",
  call_url: "Call a URL",
});
const TYPES: Record<FlowNode["type"], string> = {
  trigger: "Trigger",
  delay: "Delay",
  wait: "Wait",
  condition: "Condition",
  split: "Split",
  action: "Action",
  goto: "Go to",
  end: "End",
};

/** As a node is called on the page and in sentences: by its name, else by what it does. */
export function nodeName(node: FlowNode): string {
  if (node.name !== "") return node.name;
  if (node.type === "action" && node.act !== null) return ACTS[node.act.kind] ?? TYPES.action;
  return TYPES[node.type];
}

export const quoted = (node: FlowNode): string => `“${nodeName(node)}”`;

const STATUS_WORDS = tableOf<string>({
  PAUSED: "is paused by Meta",
  DISABLED: "is disabled by Meta",
  REJECTED: "was rejected by Meta",
  PENDING: "waits for Meta's approval",
  DELETED: "was deleted",
  LIMIT_EXCEEDED: "is limited by Meta",
  LOCKED: "is locked by Meta",
  IN_APPEAL: "is under appeal",
});
/** `The template “sale” is paused by Meta` */
export const templateState = (name: string, status: string | null): string =>
  `The template “${name}” ${status === null ? "is not in the account any more" : (STATUS_WORDS[status] ?? "can't be sent now")}`;

const THINGS = tableOf<string>({
  tag: "tag",
  list: "list",
  segment: "segment",
  field: "field",
  campaign: "campaign",
  template: "template",
  template_group: "template group",
  media: "file",
  user: "user",
  endpoint: "webhook",
  number: "number",
});
const thing = (kind: string): string => THINGS[kind] ?? kind;

export const says = {
  noTrigger: "The flow has no trigger. Add one, so that people can enter.",
  manyTriggers: (node: FlowNode) => `${quoted(node)} is a second trigger. Delete one of them.`,
  triggerNotChosen: "Choose what makes people enter.",
  choose: (node: FlowNode, kind: string) => `${quoted(node)}: choose the ${thing(kind)}.`,
  gone: (node: FlowNode, kind: string) => `${quoted(node)}: the ${thing(kind)} was deleted. Choose another.`,
  keywordless: (node: FlowNode) => `${quoted(node)}: enter the words that people write.`,
  eventless: (node: FlowNode) => `${quoted(node)}: enter the name of the event.`,
  audienceless: (node: FlowNode) => `${quoted(node)}: choose the people who enter.`,
  notADate: (node: FlowNode) => `${quoted(node)}: choose a field that holds a date.`,
  wrongValue: (node: FlowNode, field: string) =>
    `${quoted(node)}: “${field}” can't hold this value. Choose one that fits the field.`,
  zone: (node: FlowNode) => `${quoted(node)}: choose a time zone that exists, such as Europe/Berlin.`,

  loose: (node: FlowNode) => `No one can reach ${quoted(node)}. Connect it, or delete it.`,
  deadEnd: (node: FlowNode) => `${quoted(node)} leads nowhere. Connect it to the next node, or to an end.`,
  brokenEdge: (node: FlowNode) =>
    `A connection of ${quoted(node)} leads to a node that is gone. Delete the connection.`,
  strangePort: (node: FlowNode) =>
    `A connection leaves ${quoted(node)} by a way that it does not have. Delete the connection.`,
  twoEdges: (node: FlowNode) => `Two connections leave ${quoted(node)} by the same way. Delete one of them.`,
  intoTrigger: (node: FlowNode) =>
    `${quoted(node)} leads back to the trigger. Lead it to the node behind the trigger.`,
  noDestination: (node: FlowNode) => `${quoted(node)}: choose the node where people go on.`,
  sameId: (node: FlowNode) =>
    `Two nodes have the id of ${quoted(node)}. Delete one of them, and add it again.`,

  branch: (node: FlowNode, port: string) => `${quoted(node)}: connect the way “${port}”.`,

  emptyTest: (node: FlowNode) => `${quoted(node)}: add a condition.`,
  emptyGroup: (node: FlowNode) => `${quoted(node)}: a group of conditions is empty. Fill it, or delete it.`,
  wrongTest: (node: FlowNode, field: string) =>
    `${quoted(node)}: “${field}” can't be asked this. Choose a comparison that fits the field.`,
  nothingSent: (node: FlowNode) =>
    `${quoted(node)} asks about the last message of the flow, but nothing is sent before it. Send a message first.`,
  notASender: (node: FlowNode) =>
    `${quoted(node)} asks about the message of a node that sends none. Choose a node that sends.`,
  noOutcome: (node: FlowNode) => `${quoted(node)}: choose what it waits for.`,
  sameOutcome: (node: FlowNode) => `${quoted(node)}: two ways have the same id. Delete one of them.`,
  noTime: (node: FlowNode) => `${quoted(node)}: choose after how long a message counts as not delivered.`,

  noText: (node: FlowNode) => `${quoted(node)}: write the text.`,
  noUrl: (node: FlowNode) => `${quoted(node)}: enter the URL that is called.`,
  wrongUrl: (node: FlowNode, problem: string) => `${quoted(node)}: ${problem}`,
  notACaller: (node: FlowNode) =>
    `${quoted(node)} asks for the answer of a node that calls no URL. Choose a node that calls one.`,
  nothingCalled: (node: FlowNode) =>
    `${quoted(node)} asks for the answer of a URL, but none is called before it. Call one first.`,
  wrongPath: (node: FlowNode) =>
    `${quoted(node)}: enter where the value stands in the answer, such as “status” or “body.code”.`,
  offEndpoint: (node: FlowNode) =>
    `${quoted(node)}: the webhook is switched off, so it gets nothing. Switch it on, or choose another.`,
  unusedFailure: (node: FlowNode) =>
    `${quoted(node)} waits for an answer, but people go on alike where none comes. Connect “failed”, if that matters.`,

  noAct: (node: FlowNode) => `${quoted(node)}: choose what it does.`,
  twoTemplates: (node: FlowNode) => `${quoted(node)}: choose a template or a group, not both.`,
  unread: (node: FlowNode) =>
    `${quoted(node)}: what the template says isn't known yet. Read the templates from Meta.`,
  unsupported: (node: FlowNode) =>
    `${quoted(node)}: templates with products, carousels or limited-time offers can't be sent by automations. Choose another.`,
  missing: (node: FlowNode, place: string) => `${quoted(node)}: choose what stands in ${place}.`,
  column: (node: FlowNode, place: string) =>
    `${quoted(node)}: columns are for campaigns. Choose something else for ${place}.`,
  otherAccount: (node: FlowNode) =>
    `${quoted(node)}: the template is of another account than the number. Choose one of the number's account.`,
  content: (node: FlowNode, problem: string) => `${quoted(node)}: ${problem}`,
  noNumber: "Choose the number that messages go out from, in the settings.",
  numberGone: "The number that messages go out from is gone. Choose another in the settings.",
  excludedGone: (kind: string) =>
    `A ${thing(kind)} whose people are left out was deleted. Take it out of the settings.`,
  exitRule: (kind: string) =>
    `An exit rule has no ${thing(kind)}. Choose one in the settings, or delete the rule.`,
  exitEvent: "An exit rule has no event. Enter its name in the settings, or delete the rule.",

  cannotBeSent: (node: FlowNode, state: string) =>
    `${quoted(node)}: ${lower(state)}. Choose another template, or wait for Meta.`,
  emptyGroupOf: (node: FlowNode, group: string) =>
    `${quoted(node)}: none of the templates of “${group}” can be sent now. Correct the group, or choose another.`,
  someCannot: (node: FlowNode, count: number, all: number) =>
    `${quoted(node)}: ${count} of the group's ${all} templates can't be sent now. Its fallback takes their place.`,

  noCap: "Choose in the settings how often a person may enter.",

  windowClosed: (node: FlowNode) =>
    `${quoted(node)} can be sent only within 24 hours of a person's message, which is not sure here. Send a template, or ask “window open” before it.`,
  windowOver: (node: FlowNode) =>
    `${quoted(node)} comes more than 24 hours after the person's last message, so it can't be sent. Send a template instead.`,
  windowMayEnd: (node: FlowNode) =>
    `${quoted(node)} may come more than 24 hours after the person's last message, and then it fails. Send a template, or ask “window open” before it.`,

  loop: (node: FlowNode) =>
    `${quoted(node)} is part of a circle without a delay or wait, so people would go round at once. Add a delay.`,
  idleLoop: (node: FlowNode) =>
    `${quoted(node)} is part of a circle in which nothing new happens: what it waited for has happened already. Add a delay, or send something in between.`,

  sameWay: (node: FlowNode) =>
    `All ways of ${quoted(node)} lead to the same node, so its answer changes nothing. A delay would do.`,
  noExitRule: (node: FlowNode) =>
    `${quoted(node)} is a second message after a wait, and no exit rule ends the flow for those who did what it asks for. Add a goal in the settings.`,
  tooSoon: (node: FlowNode) =>
    `${quoted(node)} is asked at the moment the message is sent, so it is hardly delivered yet. Add a delay before it, or let it wait.`,
  neverLate: (node: FlowNode) =>
    `${quoted(node)}: “not delivered” counts only after the deadline, so it never happens. Make it shorter than the deadline.`,
  noPayload: (node: FlowNode) =>
    `${quoted(node)} uses what the trigger told, but this trigger tells nothing. It will find nothing.`,
  noKey:
    "People enter at every event, but no key tells events apart, so one who is inside does not enter again. Choose where the event holds its key.",
};

const called = (name: string, number: number) => (name === "" ? `Step ${number}` : `“${name}”`);
const at = (place: string) => (place === "" ? "" : ` (${place})`);
/** What of a file can't be read. */
export const readsOf = {
  flow: "The file holds no whole flow. Export it again, and choose that file.",
  more: "The file holds something that is not known here. It is left out.",
  settings: (place: string) =>
    `The settings of the flow can't be read${at(place)}. They are as of a new flow; set them again.`,
  node: (name: string, number: number, place: string) =>
    `${called(name, number)}: something in it can't be read${at(place)}. It is left out; draw it again.`,
  kind: (name: string, number: number, kind: string) =>
    `${called(name, number)} is of a kind that is not known here${at(kind)}. It is left out.`,
  edge: (from: string, number: number) =>
    `Connection ${number}${from === "" ? "" : ` of “${from}”`} can't be read. It is left out; connect the steps again.`,
  note: (number: number) => `Note ${number} can't be read. It is left out.`,
};

/** Null: the trigger has no people who match already. */
export const existingSays = (count: number | null, minutes: number): string => {
  if (count === null)
    return "This trigger has no people who match already, so none enter when it is activated.";
  if (count === 0) return "No one matches yet.";
  return `${many(count, "person matches", "people match")} already. At this rate it takes ${many(minutes, "minute", "minutes")} until all have entered.`;
};

const many = (n: number, one: string, more: string): string =>
  `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;

/** Sentences that begin in the midst of another. */
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
