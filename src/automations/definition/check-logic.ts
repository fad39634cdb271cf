import { fitsField, timeZoneName } from "../../audience/audience.ts";
import type { Condition } from "../../contract/audience.ts";
import type { Atom, FlowCheck, FlowNode, Test, Trigger, TriggerKind } from "../../contract/automations.ts";
import { atomsOf, nodeById, sendingOf, triggerOf, type NodeOf } from "../flow/flow.ts";
import { advice, error, everyWay, nextOf, reachedFrom, type Checked } from "./check.ts";
import { wrongAnswer } from "./check-answers.ts";
import { BY_MESSAGE } from "./check-window.ts";
import { nameOf } from "./known.ts";
import { namedByCondition, type NamedKind } from "./named-in.ts";
import { says } from "./texts.ts";

/** A thing that a node names: chosen, and not deleted since. */
export function missingThing(
  { known }: Checked,
  node: FlowNode,
  kind: NamedKind,
  id: string | null,
): string[] {
  if (id === null) return [says.choose(node, kind)];
  return nameOf(known, { kind, id }) === null ? [says.gone(node, kind)] : [];
}

/** Exactly one, and complete. */
export function trigger(checked: Checked): FlowCheck[] {
  const name = "Trigger";
  const [first, ...others] = checked.flow.nodes.filter((node) => node.type === "trigger");
  if (first === undefined) return [error(name, null, says.noTrigger)];
  return [
    ...others.map((node) => error(name, node, says.manyTriggers(node))),
    ...(first.trigger === null
      ? [error(name, first, says.triggerNotChosen)]
      : wrongTrigger(checked, first, first.trigger).map((text) => error(name, first, text))),
  ];
}

function wrongTrigger(checked: Checked, node: FlowNode, what: Trigger): string[] {
  const thing = (kind: NamedKind, id: string | null) => missingThing(checked, node, kind, id);
  switch (what.kind) {
    case "keyword":
      return what.words.length === 0 ? [says.keywordless(node)] : [];
    case "tag_added":
      return thing("tag", what.tag_id);
    case "list_entered":
      return thing("list", what.list_id);
    case "segment_entered":
      return thing("segment", what.segment_id);
    case "campaign_reply":
      return what.campaign_id === null ? [] : thing("campaign", what.campaign_id);
    case "field_changed":
      return [
        ...thing("field", what.field_id),
        ...(what.field_id !== null && what.to !== null
          ? wrongValue(checked, node, what.field_id, what.to)
          : []),
      ];
    case "date_field":
      return [...thing("field", what.field_id), ...notADate(checked, node, what.field_id)];
    case "schedule":
      return [
        ...(timeZoneName(what.time_zone) === null ? [says.zone(node)] : []),
        ...(what.audience === null ? [says.audienceless(node)] : thing(what.audience.kind, what.audience.id)),
      ];
    case "api_event":
      return what.name === "" ? [says.eventless(node)] : [];
    default:
      return [];
  }
}

export function notADate({ known }: Checked, node: FlowNode, field_id: string | null): string[] {
  const field = field_id === null ? undefined : known.fields.get(field_id);
  return field !== undefined && field.kind !== "date" ? [says.notADate(node)] : [];
}

/** A value that the field can't hold. */
export function wrongValue(
  { known }: Checked,
  node: FlowNode,
  field_id: string,
  value: string | number | boolean,
): string[] {
  const field = known.fields.get(field_id);
  if (field === undefined) return [];
  const fits =
    field.kind === "choice"
      ? typeof value === "string" && field.choices.includes(value)
      : field.kind === "date"
        ? typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
        : typeof value === (field.kind === "text" ? "string" : field.kind);
  return fits ? [] : [says.wrongValue(node, nameOf({ ...known }, { kind: "field", id: field_id }) ?? "")];
}

/** What is asked can be answered: each condition is complete and fits what it asks of, each wait knows for what. */
export function logicCompleteness(checked: Checked): FlowCheck[] {
  const name = "Condition Logic Completeness";
  const { flow } = checked;
  const checks = flow.nodes.flatMap((node) => {
    const texts = [
      ...(node.type === "condition" ? wrongTest(checked, node) : []),
      ...(node.type === "wait" ? wrongWait(checked, node) : []),
      ...(node.type === "delay" && node.until.kind === "date_field"
        ? [
            ...missingThing(checked, node, "field", node.until.field_id),
            ...notADate(checked, node, node.until.field_id),
          ]
        : []),
    ];
    return [...new Set(texts)].map((text) => error(name, node, text));
  });
  return [...checks, ...exitRules(checked).map((text) => error(name, null, text))];
}

function exitRules({ flow, known }: Checked): string[] {
  return flow.settings.exit_rules.flatMap((rule) => {
    if (rule.kind === "goal_event") return rule.name === "" ? [says.exitEvent] : [];
    if (!("segment_id" in rule)) return [];
    const there =
      rule.segment_id !== null && nameOf(known, { kind: "segment", id: rule.segment_id }) !== null;
    return there ? [] : [says.exitRule("segment")];
  });
}

const isEmpty = ({ items }: Test): boolean =>
  items.some((item) => "join" in item && (item.items.length === 0 || isEmpty(item)));

function wrongTest(checked: Checked, node: NodeOf<"condition">): string[] {
  const atoms = atomsOf(node.test);
  if (node.test.items.length === 0) return [says.emptyTest(node)];
  return [
    ...(isEmpty(node.test) ? [says.emptyGroup(node)] : []),
    ...atoms.flatMap((atom) => wrongAtom(checked, node, atom)),
  ];
}

function wrongAtom(checked: Checked, node: FlowNode, atom: Atom): string[] {
  switch (atom.is) {
    case "delivery_status":
    case "replied":
      return wrongMessage(checked, node, atom.of);
    case "segment":
      return missingThing(checked, node, "segment", atom.segment_id);
    case "answer":
      return wrongAnswer(checked, node, atom.of, atom.path);
    case "event":
      return atom.name === "" ? [says.eventless(node)] : [];
    case "contact":
      return wrongCondition(checked, node, atom.condition);
    default:
      return [];
  }
}

function wrongCondition(checked: Checked, node: FlowNode, condition: Condition): string[] {
  const gone = namedByCondition(condition).flatMap(({ kind, id }) => missingThing(checked, node, kind, id));
  if (gone.length > 0 || condition.on !== "field") return gone;
  const field = checked.known.fields.get(condition.field_id);
  if (field === undefined || fitsField(field.kind, condition.test)) return [];
  return [says.wrongTest(node, nameOf(checked.known, { kind: "field", id: condition.field_id }) ?? "")];
}

/** Of which message it asks: one that a node sends, or the last one, so that something is sent before it. */
function wrongMessage({ flow }: Checked, node: FlowNode, of: string | null): string[] {
  if (of !== null) {
    const sender = nodeById(flow, of);
    return sender === undefined || sendingOf(sender) === null ? [says.notASender(node)] : [];
  }
  const next = nextOf(flow, everyWay);
  const before = flow.nodes.some(
    (other) => other.id !== node.id && sendingOf(other) !== null && reachedFrom(next, other.id).has(node.id),
  );
  return before ? [] : [says.nothingSent(node)];
}

function wrongWait(checked: Checked, node: NodeOf<"wait">): string[] {
  const { outcomes } = node;
  if (outcomes.length === 0) return [says.noOutcome(node)];
  const ids = new Set(outcomes.map(({ id }) => id));
  return [
    ...(ids.size < outcomes.length || ids.has("deadline") ? [says.sameOutcome(node)] : []),
    ...outcomes.flatMap(({ what, after_min, name }) => {
      if (what === "event") return name === "" ? [says.eventless(node)] : [];
      if (what === "not_delivered" && after_min === null) return [says.noTime(node)];
      return wrongMessage(checked, node, node.of);
    }),
  ];
}

/** Triggers that tell something: an event its payload, a message what it says. */
const TELLING: readonly TriggerKind[] = ["api_event", ...BY_MESSAGE];

/** What is not wrong, and yet hardly meant. */
export function logicAdvice({ flow }: Checked): FlowCheck[] {
  const name = "Advice";
  const kind = triggerOf(flow)?.kind;
  const by_event = kind === "api_event";
  const { reentry, key_path } = flow.settings;
  return [
    ...flow.nodes.flatMap((node) => [
      ...(node.type === "wait" &&
      node.outcomes.some(
        ({ what, after_min }) => what === "not_delivered" && (after_min ?? 0) >= node.deadline_min,
      )
        ? [advice(name, node, says.neverLate(node))]
        : []),
      ...(kind !== undefined && !TELLING.includes(kind) && usesPayload(node)
        ? [advice(name, node, says.noPayload(node))]
        : []),
      ...(isTooSoon(node) && afterSending({ flow }, node) ? [advice(name, node, says.tooSoon(node))] : []),
    ]),
    ...(by_event && reentry === "every_event" && key_path === null ? [advice(name, null, says.noKey)] : []),
  ];
}

function usesPayload(node: FlowNode): boolean {
  if (node.type === "condition") return atomsOf(node.test).some(({ is }) => is === "payload");
  return (
    node.type === "action" &&
    node.act?.kind === "send_template" &&
    Object.values(node.act.variables).some(({ from }) => from === "payload")
  );
}

const isTooSoon = (node: FlowNode): boolean =>
  node.type === "condition" &&
  node.wait_min === null &&
  atomsOf(node.test).some(({ is }) => is === "delivery_status" || is === "replied");

const afterSending = ({ flow }: Pick<Checked, "flow">, node: FlowNode): boolean =>
  flow.edges.some(({ from, to, port }) => {
    const sender = nodeById(flow, from);
    return to === node.id && port === "next" && sender !== undefined && sendingOf(sender) !== null;
  });
