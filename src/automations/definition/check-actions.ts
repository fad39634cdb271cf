import { placeWords } from "../../campaigns/campaigns.ts";
import type { Act, FlowCheck, FlowVariable } from "../../contract/automations.ts";
import { checkMessage, type OutgoingContent } from "../../meta/meta.ts";
import type { z } from "zod";
import { answersIn, sendingOf, triggerNode, type NodeOf } from "../flow/flow.ts";
import { advice, error, everyWay, nextOf, reachedFrom, type Checked } from "./check.ts";
import { wrongAnswer } from "./check-answers.ts";
import { missingThing, wrongValue } from "./check-logic.ts";
import { nameOf, type Known, type KnownTemplate } from "./known.ts";
import { says, templateState } from "./texts.ts";

type Action = NodeOf<"action">;
type Sent = Extract<z.infer<typeof Act>, { kind: "send_template" }>;

export const isSendable = ({ status }: Pick<KnownTemplate, "status">): boolean => status === "APPROVED";

/** The templates that an action may send by; null: none is chosen, or it is gone. */
export function templatesOf(
  known: Known,
  act: Sent,
): { group: string | null; members: readonly KnownTemplate[] } | null {
  if (act.template_group_id !== null) {
    const group = known.groups.get(act.template_group_id);
    return group === undefined ? null : { group: group.name, members: group.members };
  }
  const template = act.template_id === null ? undefined : known.templates.get(act.template_id);
  return template === undefined ? null : { group: null, members: [template] };
}

const actions = ({ flow }: Checked): Action[] =>
  flow.nodes.filter((node): node is Action => node.type === "action");

/** Meta sends by it: a template that is chosen can be sent now, or one of its group. */
export function templateApproval(checked: Checked): FlowCheck[] {
  const name = "Template Approval";
  return actions(checked).flatMap((node) => {
    if (node.act?.kind !== "send_template") return [];
    const chosen = templatesOf(checked.known, node.act);
    if (chosen === null) return [];
    const { group, members } = chosen;
    const unsendable = members.filter((member) => !isSendable(member));
    if (unsendable.length === 0 && members.length > 0) return [];
    if (group === null)
      return [
        error(name, node, says.cannotBeSent(node, templateState(members[0]!.name, members[0]!.status))),
      ];
    return unsendable.length === members.length
      ? [error(name, node, says.emptyGroupOf(node, group))]
      : [advice(name, node, says.someCannot(node, unsendable.length, members.length))];
  });
}

/** Each action is chosen and has what it needs, and what it names exists. */
export function actionCompleteness(checked: Checked): FlowCheck[] {
  const name = "Action Completeness";
  const { flow, known } = checked;
  const { phone_number_id, exclude } = flow.settings;
  const settings: string[] = [];
  if (phone_number_id === null) {
    if (flow.nodes.some((node) => sendingOf(node) !== null)) settings.push(says.noNumber);
  } else if (nameOf(known, { kind: "number", id: phone_number_id }) === null) settings.push(says.numberGone);
  for (const source of exclude)
    if (nameOf(known, source) === null) settings.push(says.excludedGone(source.kind));
  return [
    ...actions(checked).flatMap((node) =>
      [...new Set(wrongAct(checked, node))].map((text) => error(name, node, text)),
    ),
    ...[...new Set(settings)].map((text) => error(name, null, text)),
  ];
}

function wrongAct(checked: Checked, node: Action): string[] {
  const { act } = node;
  if (act === null) return [says.noAct(node)];
  switch (act.kind) {
    case "send_template":
      return wrongTemplate(checked, node, act);
    case "send_media":
      return missingThing(checked, node, "media", act.media_id);
    case "add_tag":
    case "remove_tag":
      return missingThing(checked, node, "tag", act.tag_id);
    case "add_to_list":
    case "remove_from_list":
      return missingThing(checked, node, "list", act.list_id);
    case "set_field":
      return [
        ...missingThing(checked, node, "field", act.field_id),
        ...(act.field_id !== null && act.value !== null
          ? wrongValue(checked, node, act.field_id, act.value)
          : []),
      ];
    case "assign":
      return missingThing(checked, node, "user", act.user_id);
    case "resolve":
      return [];
    case "add_note":
      return wrongText(checked, node, act.text);
    case "notify_user":
      return [
        ...(act.user_id === null ? [] : missingThing(checked, node, "user", act.user_id)),
        ...wrongText(checked, node, act.text),
      ];
    case "notify_endpoint":
      return missingThing(checked, node, "endpoint", act.endpoint_id);
    case "call_url":
      return wrongUrl(node, act.url);
    default:
      return wrongContent(contentOf(act)).map((problem) => says.content(node, problem));
  }
}

/** It says something, and what it is filled in with can be there. */
function wrongText(checked: Checked, node: Action, text: string): string[] {
  if (text === "") return [says.noText(node)];
  return [...new Set(answersIn(text).flatMap(({ of, path }) => wrongAnswer(checked, node, of, path)))];
}

/** Whether it may be reached is judged when it is called. */
function wrongUrl(node: Action, url: string): string[] {
  if (url === "") return [says.noUrl(node)];
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    return [says.wrongUrl(node, "the URL can't be read. It begins with https:// or http://.")];
  const { username, password } = new URL(url);
  return username === "" && password === ""
    ? []
    : [
        says.wrongUrl(
          node,
          "the URL contains a user name or password. Take it out, and check the signature.",
        ),
      ];
}

/** As the API checks a message of an agent. */
const wrongContent = (content: OutgoingContent): string[] =>
  checkMessage({ to: { phone: "16505551234" }, content });

type FreeForm = Extract<z.infer<typeof Act>, { kind: "send_text" | "send_buttons" | "send_list" }>;

function contentOf(act: FreeForm): OutgoingContent {
  switch (act.kind) {
    case "send_text":
      return { type: "text", body: act.text };
    case "send_buttons":
      return { type: "buttons", body: act.text, buttons: act.buttons };
    case "send_list":
      return { type: "list", body: act.text, button: act.button, sections: [{ rows: act.rows }] };
  }
}

function wrongTemplate(checked: Checked, node: Action, act: Sent): string[] {
  const { known } = checked;
  if (act.template_id !== null && act.template_group_id !== null) return [says.twoTemplates(node)];
  if (act.template_id === null && act.template_group_id === null) return [says.choose(node, "template")];
  const chosen = templatesOf(known, act);
  if (chosen === null) return [says.gone(node, act.template_id === null ? "template_group" : "template")];
  const sendable = chosen.members.filter(isSendable);
  const places = sendable.flatMap((member) => member.places.filter(({ required }) => required));
  return [
    ...(sendable.some(({ is_read }) => !is_read) ? [says.unread(node)] : []),
    ...(sendable.some(({ unsupported }) => unsupported !== null) ? [says.unsupported(node)] : []),
    ...(known.waba_id !== null && chosen.members.some(({ waba_id }) => waba_id !== known.waba_id)
      ? [says.otherAccount(node)]
      : []),
    ...places
      .filter(({ place }) => act.variables[place] === undefined)
      .map(({ place }) => says.missing(node, placeWords(place))),
    ...Object.entries(act.variables).flatMap(([place, variable]) =>
      wrongVariable(checked, node, place, variable),
    ),
  ];
}

function wrongVariable(checked: Checked, node: Action, place: string, variable: FlowVariable): string[] {
  if (variable.from === "column") return [says.column(node, placeWords(place))];
  if (variable.from === "answer") return wrongAnswer(checked, node, variable.of, variable.path);
  if (variable.from === "field") return missingThing(checked, node, "field", variable.field_id);
  return variable.from === "media" ? missingThing(checked, node, "media", variable.media_id) : [];
}

/** A second template after time has passed, and nothing that ends it for those who did what the first one asked for. */
export function reminderAdvice({ flow }: Checked): FlowCheck[] {
  if (flow.settings.exit_rules.length > 0 || triggerNode(flow) === undefined) return [];
  const next = nextOf(flow, everyWay);
  const senders = flow.nodes.filter((node) => sendingOf(node) === "template");
  const rests = flow.nodes.filter(({ type }) => type === "delay" || type === "wait");
  const reminder = senders.find((node) =>
    rests.some(
      ({ id }) =>
        reachedFrom(next, id).has(node.id) &&
        senders.some((first) => first.id !== node.id && reachedFrom(next, first.id).has(id)),
    ),
  );
  return reminder === undefined ? [] : [advice("Advice", reminder, says.noExitRule(reminder))];
}
