import { ACT_GROUPS, ACTS, LIMITS } from "../flow-texts.ts";
import { type Act, type ActKind, newAct, type NodeOf } from "../model/model.ts";
import { ACTION } from "../setting-texts.ts";
import { Choose, optionsOf } from "./fields.tsx";
import { ListMessage, ButtonsMessage, MediaMessage, TextMessage } from "./message-fields.tsx";
import { Pick, PickField, PickUser } from "./pick.tsx";
import { CallFields, NoteFields, NotifyEndpointFields, NotifyUserFields } from "./telling-fields.tsx";
import { TemplateFields } from "./template-fields.tsx";
import { ValueField } from "./value-field.tsx";

type Action = NodeOf<"action">;
const GROUPS: [keyof typeof ACT_GROUPS, ActKind[]][] = [
  ["any_time", ["send_template"]],
  ["in_window", ["send_text", "send_media", "send_buttons", "send_list"]],
  ["person", ["add_tag", "remove_tag", "add_to_list", "remove_from_list", "set_field"]],
  ["conversation", ["assign", "resolve"]],
  ["team", ["add_note", "notify_user"]],
  ["systems", ["notify_endpoint", "call_url"]],
];

export function ActionFields({ node, put }: { node: Action; put: (node: Action) => void }) {
  const { act } = node;
  const set = (next: Act) => put({ ...node, act: next });
  return (
    <>
      <Choose
        label={ACTION.kind}
        empty={ACTION.choose}
        value={act?.kind ?? null}
        data={GROUPS.map(([group, kinds]) => ({ group: ACT_GROUPS[group], items: optionsOf(ACTS, kinds) }))}
        put={(kind) => put({ ...node, act: kind === null ? null : newAct(kind as ActKind) })}
      />
      {act && <Fields key={act.kind} act={act} set={set} />}
      {act?.kind === "send_template" && (
        <Choose
          label={ACTION.on_limit}
          value={node.on_limit}
          data={optionsOf(LIMITS)}
          put={(on_limit) => put({ ...node, on_limit: on_limit as Action["on_limit"] })}
        />
      )}
    </>
  );
}

function Fields({ act, set }: { act: Act; set: (act: Act) => void }) {
  switch (act.kind) {
    case "send_template":
      return <TemplateFields act={act} set={set} />;
    case "send_text":
      return <TextMessage act={act} set={set} />;
    case "send_media":
      return <MediaMessage act={act} set={set} />;
    case "send_buttons":
      return <ButtonsMessage act={act} set={set} />;
    case "send_list":
      return <ListMessage act={act} set={set} />;
    case "add_tag":
    case "remove_tag":
      return (
        <Pick kind="tag" label={ACTION.tag} value={act.tag_id} put={(tag_id) => set({ ...act, tag_id })} />
      );
    case "add_to_list":
    case "remove_from_list":
      return (
        <Pick
          kind="list"
          label={ACTION.list}
          value={act.list_id}
          put={(list_id) => set({ ...act, list_id })}
        />
      );
    case "set_field":
      return (
        <>
          <PickField
            label={ACTION.field}
            value={act.field_id}
            put={(field_id) => set({ ...act, field_id, value: null })}
          />
          <ValueField
            field_id={act.field_id}
            label={ACTION.value}
            description={ACTION.value_hint}
            value={act.value}
            put={(value) => set({ ...act, value })}
          />
        </>
      );
    case "assign":
      return <Assign act={act} set={set} />;
    case "resolve":
      return null;
    case "add_note":
      return <NoteFields act={act} set={set} />;
    case "notify_user":
      return <NotifyUserFields act={act} set={set} />;
    case "notify_endpoint":
      return <NotifyEndpointFields act={act} set={set} />;
    case "call_url":
      return <CallFields act={act} set={set} />;
  }
}

const Assign = ({ act, set }: { act: Extract<Act, { kind: "assign" }>; set: (act: Act) => void }) => (
  <PickUser
    label={ACTION.assign}
    empty={ACTION.no_one}
    value={act.user_id}
    put={(user_id) => set({ ...act, user_id })}
  />
);
