import { NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { endpointsQuery } from "../../../lib/server/queries.ts";
import type { Act } from "../model/model.ts";
import { CallSecret, FilledText } from "../parts/parts.ts";
import { ACTION, PANEL } from "../setting-texts.ts";
import { Choose } from "./fields.tsx";
import classes from "./nodes.module.css";
import { PickUser } from "./pick.tsx";

type Of<Kind extends Act["kind"]> = { act: Extract<Act, { kind: Kind }>; set: (act: Act) => void };

export const NoteFields = ({ act, set }: Of<"add_note">) => (
  <FilledText
    label={ACTION.note}
    description={ACTION.note_hint}
    value={act.text}
    put={(text) => set({ ...act, text })}
  />
);

export const NotifyUserFields = ({ act, set }: Of<"notify_user">) => (
  <>
    <PickUser
      label={ACTION.notify}
      empty={ACTION.everyone}
      value={act.user_id}
      put={(user_id) => set({ ...act, user_id })}
    />
    <FilledText
      label={ACTION.notice}
      description={ACTION.notice_hint}
      value={act.text}
      put={(text) => set({ ...act, text })}
    />
  </>
);

export function NotifyEndpointFields({ act, set }: Of<"notify_endpoint">) {
  const { data } = useQuery(endpointsQuery);
  const endpoints = data?.data ?? [];
  return (
    <>
      <Choose
        label={ACTION.endpoint}
        description={data && endpoints.length === 0 ? ACTION.no_endpoints : ACTION.endpoint_hint}
        empty={PANEL.choose}
        gone={data ? PANEL.gone : "…"}
        value={act.endpoint_id}
        data={endpoints.map(({ id, url, description }) => ({ value: id, label: description || url }))}
        put={(endpoint_id) => set({ ...act, endpoint_id })}
      />
      <FilledText label={ACTION.notice} value={act.text} put={(text) => set({ ...act, text })} />
    </>
  );
}

export const CallFields = ({ act, set }: Of<"call_url">) => (
  <>
    <TextInput
      type="url"
      label={ACTION.url}
      description={ACTION.url_hint}
      placeholder={ACTION.url_placeholder}
      maxLength={2_048}
      value={act.url}
      onChange={({ currentTarget: { value } }) => set({ ...act, url: value })}
    />
    <NumberInput
      label={ACTION.timeout}
      min={1}
      max={60}
      clampBehavior="strict"
      allowDecimal={false}
      value={act.timeout_s}
      onChange={(value) => typeof value === "number" && value >= 1 && set({ ...act, timeout_s: value })}
    />
    <p className={classes["hint"]}>{ACTION.tries}</p>
    <CallSecret />
  </>
);
