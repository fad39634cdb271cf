import type { Condition } from "../../contract/audience.ts";
import type { Atom, Flow, FlowNode, Trigger } from "../../contract/automations.ts";
import { atomsOf } from "../flow/flow.ts";

/** A thing of the workspace that a flow names by its id. */
export type NamedKind =
  | "tag"
  | "list"
  | "segment"
  | "field"
  | "campaign"
  | "template"
  | "template_group"
  | "media"
  | "user"
  | "endpoint"
  | "number";
export interface NamedThing {
  kind: NamedKind;
  id: string;
}

/** Everything that a flow names, with repeats. */
export function namedIn({ nodes, settings }: Flow): NamedThing[] {
  return [
    ...nodes.flatMap(namedByNode),
    ...one("number", settings.phone_number_id),
    ...settings.exclude,
    ...settings.exit_rules.flatMap((rule) => ("segment_id" in rule ? one("segment", rule.segment_id) : [])),
  ];
}

const one = (kind: NamedKind, id: string | null): NamedThing[] => (id === null ? [] : [{ kind, id }]);

function namedByNode(node: FlowNode): NamedThing[] {
  switch (node.type) {
    case "trigger":
      return node.trigger === null ? [] : namedByTrigger(node.trigger);
    case "delay":
      return node.until.kind === "date_field" ? one("field", node.until.field_id) : [];
    case "condition":
      return atomsOf(node.test).flatMap(namedByAtom);
    case "action":
      return node.act === null ? [] : namedByAct(node.act);
    default:
      return [];
  }
}

function namedByTrigger(trigger: Trigger): NamedThing[] {
  switch (trigger.kind) {
    case "tag_added":
      return one("tag", trigger.tag_id);
    case "list_entered":
      return one("list", trigger.list_id);
    case "segment_entered":
      return one("segment", trigger.segment_id);
    case "field_changed":
    case "date_field":
      return one("field", trigger.field_id);
    case "campaign_reply":
      return one("campaign", trigger.campaign_id);
    case "schedule":
      return trigger.audience === null ? [] : [trigger.audience];
    default:
      return [];
  }
}

function namedByAtom(atom: Atom): NamedThing[] {
  if (atom.is === "segment") return one("segment", atom.segment_id);
  return atom.is === "contact" ? namedByCondition(atom.condition) : [];
}

export function namedByCondition(condition: Condition): NamedThing[] {
  switch (condition.on) {
    case "field":
      return one("field", condition.field_id);
    case "tag":
    case "list": {
      const kind = condition.on;
      return condition.ids.map((id) => ({ kind, id }));
    }
    case "campaign":
      return one("campaign", condition.campaign_id);
    default:
      return [];
  }
}

type Act = Extract<FlowNode, { type: "action" }>["act"] & object;

function namedByAct(act: Act): NamedThing[] {
  switch (act.kind) {
    case "send_template":
      return [
        ...one("template", act.template_id),
        ...one("template_group", act.template_group_id),
        ...Object.values(act.variables).flatMap((variable) =>
          variable.from === "field"
            ? one("field", variable.field_id)
            : variable.from === "media"
              ? one("media", variable.media_id)
              : [],
        ),
      ];
    case "send_media":
      return one("media", act.media_id);
    case "add_tag":
    case "remove_tag":
      return one("tag", act.tag_id);
    case "add_to_list":
    case "remove_from_list":
      return one("list", act.list_id);
    case "set_field":
      return one("field", act.field_id);
    case "assign":
    case "notify_user":
      return one("user", act.user_id);
    case "notify_endpoint":
      return one("endpoint", act.endpoint_id);
    default:
      return [];
  }
}
