import { useQuery } from "@tanstack/react-query";
import {
  campaignNamesQuery,
  type Field,
  fieldsQuery,
  listsQuery,
  segmentsQuery,
  tagsQuery,
} from "../../../lib/server/audience.ts";
import { usersQuery } from "../../../lib/server/queries.ts";
import { isCalling, isSending, type Source } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { CONDITION, FLOW, PANEL, WAIT } from "../setting-texts.ts";
import { Choose } from "./fields.tsx";

interface Props {
  label: string;
  value: string | null;
  put: (id: string | null) => void;
}

const options = (known: { data: readonly { id: string; name: string }[] } | undefined) =>
  (known?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));

function useNamed(kind: "tag" | "list" | "segment" | "campaign") {
  const tag = useQuery({ ...tagsQuery, enabled: kind === "tag" });
  const list = useQuery({ ...listsQuery, enabled: kind === "list" });
  const segment = useQuery({ ...segmentsQuery, enabled: kind === "segment" });
  const campaign = useQuery({ ...campaignNamesQuery, enabled: kind === "campaign" });
  return { tag, list, segment, campaign }[kind].data;
}

/** One of the workspace's tags, lists, segments or campaigns. */
export function Pick({
  kind,
  empty = PANEL.choose,
  ...props
}: Props & { kind: Parameters<typeof useNamed>[0]; empty?: string }) {
  const known = useNamed(kind);
  return <Choose {...props} empty={empty} gone={known ? PANEL.gone : "…"} data={options(known)} />;
}

/** One of the fields of contacts: any, or only dates. */
export function PickField({
  dates = false,
  put,
  ...props
}: Omit<Props, "put"> & { dates?: boolean; put: (id: string | null, field: Field | undefined) => void }) {
  const { data } = useQuery(fieldsQuery);
  const fields = (data?.data ?? []).filter(({ kind }) => !dates || kind === "date");
  return (
    <Choose
      {...props}
      empty={PANEL.choose}
      gone={data ? PANEL.gone : "…"}
      data={fields.map(({ id, name }) => ({ value: id, label: name }))}
      put={(id) =>
        put(
          id,
          fields.find((field) => field.id === id),
        )
      }
    />
  );
}

/** One of those who work here. */
export function PickUser({ empty, ...props }: Props & { empty: string }) {
  const { data } = useQuery(usersQuery);
  return <Choose {...props} empty={empty} gone={data ? PANEL.other_agent : "…"} data={options(data)} />;
}

/** What people are chosen by: a list, a segment or a tag. */
export function PickSource({
  label,
  value,
  empty = PANEL.choose,
  without = [],
  put,
}: {
  label: string;
  value: Source | null;
  empty?: string;
  without?: readonly Source[];
  put: (source: Source | null) => void;
}) {
  const { data: lists } = useQuery(listsQuery);
  const { data: segments } = useQuery(segmentsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const known = { list: lists, segment: segments, tag: tags };
  const kinds = ["list", "segment", "tag"] as const;
  return (
    <Choose
      label={label}
      empty={empty}
      gone={lists && segments && tags ? PANEL.gone : "…"}
      value={value && `${value.kind}:${value.id}`}
      data={kinds.map((kind) => ({
        group: FLOW.groups[kind],
        items: options(known[kind])
          .filter(({ value: id }) => !without.some((each) => each.kind === kind && each.id === id))
          .map((each) => ({ ...each, value: `${kind}:${each.value}` })),
      }))}
      put={(chosen) => {
        const [kind, id] = (chosen ?? "").split(":");
        put(chosen === null ? null : { kind: kind as Source["kind"], id: id ?? "" });
      }}
    />
  );
}

/** Which answer is asked about: of the last URL that was called before, or of a step. */
export function OfAnswer({ value, put }: { value: string | null; put: (node_id: string | null) => void }) {
  const { flow, nameOf } = useDrawing();
  return (
    <Choose
      label={CONDITION.answer_of}
      empty={CONDITION.last_answer}
      gone={PANEL.gone}
      value={value}
      data={flow.nodes.filter(isCalling).map(({ id }) => ({ value: id, label: nameOf(id) }))}
      put={put}
    />
  );
}

/** Which message is asked about: the last one before, or that of a step. */
export function OfMessage({ value, put }: { value: string | null; put: (node_id: string | null) => void }) {
  const { flow, nameOf } = useDrawing();
  return (
    <Choose
      label={WAIT.of}
      empty={WAIT.last}
      gone={PANEL.gone}
      value={value}
      data={flow.nodes.filter(isSending).map(({ id }) => ({ value: id, label: nameOf(id) }))}
      put={put}
    />
  );
}
