import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CONSENT_LABELS } from "../../lib/words/texts.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import { COUNTRIES, LANGUAGES, TIME_ZONES } from "./countries.ts";
import { Picker } from "./picker.tsx";
import { campaignNamesQuery, listsQuery, tagsQuery, type Field } from "../../lib/server/audience.ts";
import { kindOf, opsOf, type Draft } from "./rule-model.ts";
import classes from "./conditions.module.css";
import { CONDITION, MEASURES, PICK, RECEIVED } from "./texts.ts";

interface Props {
  draft: Draft;
  fields: readonly Field[];
  put: (draft: Draft) => void;
}

/** Of an event or of campaigns: what of them is counted. */
export function Measure({ draft, fields, put }: Props) {
  const { data: campaigns } = useQuery({ ...campaignNamesQuery, enabled: draft.subject === "campaign" });
  if (draft.subject === "campaign") {
    const known = (campaigns?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
    const is_known = draft.campaign === "" || known.some(({ value }) => value === draft.campaign);
    return (
      <>
        <NativeSelect
          aria-label={CONDITION.campaign}
          rightSection={chevron}
          data={[
            { value: "", label: CONDITION.any_campaign },
            ...known,
            ...(is_known ? [] : [{ value: draft.campaign, label: CONDITION.gone }]),
          ]}
          value={draft.campaign}
          onChange={({ currentTarget: { value } }) => put({ ...draft, campaign: value })}
        />
        <NativeSelect
          aria-label={CONDITION.measure}
          rightSection={chevron}
          data={Object.entries(RECEIVED).map(([value, label]) => ({ value, label }))}
          value={draft.what}
          onChange={({ currentTarget: { value } }) => put({ ...draft, what: value as Draft["what"] })}
        />
      </>
    );
  }
  if (draft.subject !== "event") return null;
  return (
    <>
      <TextInput
        aria-label={CONDITION.event_name}
        placeholder={CONDITION.event_hint}
        maxLength={100}
        value={draft.name}
        onChange={({ currentTarget: { value } }) => put({ ...draft, name: value })}
      />
      <NativeSelect
        aria-label={CONDITION.measure}
        rightSection={chevron}
        data={Object.entries(MEASURES).map(([value, label]) => ({ value, label }))}
        value={draft.measure}
        onChange={({ currentTarget: { value } }) => {
          const next = { ...draft, measure: value as Draft["measure"] };
          // The last time is a date, and has other operators than a number.
          const ops = opsOf(next, fields);
          put(ops.includes(draft.op) ? next : { ...next, op: ops[0]!, value: "", to: "" });
        }}
      />
      {draft.measure === "sum" && (
        <TextInput
          aria-label={CONDITION.event_path}
          placeholder={CONDITION.event_path_hint}
          maxLength={200}
          value={draft.path}
          onChange={({ currentTarget: { value } }) => put({ ...draft, path: value })}
        />
      )}
    </>
  );
}

export function ConditionValue({ draft, fields, put }: Props) {
  const kind = kindOf(draft.subject, fields);
  const { op } = draft;
  if (kind === null || op === "is_set" || op === "is_not_set") return null;
  if (kind === "ids" || kind === "states") return <Chosen draft={draft} put={put} />;
  if (kind === "boolean")
    return (
      <NativeSelect
        aria-label={CONDITION.value}
        rightSection={chevron}
        data={[
          { value: "", label: CONDITION.choose },
          { value: "true", label: CONDITION.yes },
          { value: "false", label: CONDITION.no },
        ]}
        value={draft.value}
        onChange={({ currentTarget: { value } }) => put({ ...draft, value })}
      />
    );
  const offered = offeredFor(draft.subject, fields);
  if (offered && (op === "is" || op === "is_not"))
    return (
      <NativeSelect
        aria-label={CONDITION.value}
        rightSection={chevron}
        data={[{ value: "", label: CONDITION.choose }, ...offered]}
        value={draft.value}
        onChange={({ currentTarget: { value } }) => put({ ...draft, value })}
      />
    );
  if (offered) return <ChosenValues draft={draft} offered={offered} put={put} />;
  const in_days = op === "in_last_days" || op === "not_in_last_days";
  const dates = (kind === "date" || (kind === "event" && draft.measure === "last")) && !in_days;
  const numbers = in_days || kind === "number" || kind === "campaign" || (kind === "event" && !dates);
  const type = dates ? "date" : numbers ? "number" : "text";
  return (
    <>
      <TextInput
        className={classes["typed"] ?? ""}
        aria-label={in_days ? CONDITION.days : CONDITION.value}
        type={type}
        step="any"
        placeholder={op === "in" || op === "not_in" ? CONDITION.values_hint : undefined}
        maxLength={1_000}
        value={draft.value}
        onChange={({ currentTarget: { value } }) => put({ ...draft, value })}
      />
      {in_days && <span>{CONDITION.days_unit}</span>}
      {op === "between" && (
        <>
          <span>{CONDITION.between}</span>
          <TextInput
            className={classes["typed"] ?? ""}
            aria-label={CONDITION.value_to}
            type={type}
            step="any"
            value={draft.to}
            onChange={({ currentTarget: { value } }) => put({ ...draft, to: value })}
          />
        </>
      )}
      {(kind === "event" || kind === "campaign") && <Within draft={draft} put={put} />}
    </>
  );
}

const SPANS = ["", "1", "7", "14", "30", "60", "90", "180", "365"];

function Within({ draft, put }: Omit<Props, "fields">) {
  const spans = SPANS.includes(draft.within) ? SPANS : [...SPANS, draft.within];
  return (
    <NativeSelect
      aria-label={CONDITION.within}
      rightSection={chevron}
      data={spans.map((value) => ({
        value,
        label: value === "" ? CONDITION.ever : CONDITION.last_days(Number(value)),
      }))}
      value={draft.within}
      onChange={({ currentTarget: { value } }) => put({ ...draft, within: value })}
    />
  );
}

/** Values that are known beforehand; null: anything can be typed. */
function offeredFor(subject: string, fields: readonly Field[]) {
  if (subject === "about.country") return COUNTRIES;
  if (subject === "about.language") return LANGUAGES;
  if (subject === "about.time_zone") return TIME_ZONES;
  const field = fields.find(({ id }) => subject === `field.${id}`);
  return field?.kind === "choice" ? field.choices.map((value) => ({ value, label: value })) : null;
}

/** Tags, lists, or states of consent. */
function Chosen({ draft, put }: Omit<Props, "fields">) {
  const { data: tags } = useQuery({ ...tagsQuery, enabled: draft.subject === "tag" });
  const { data: lists } = useQuery({ ...listsQuery, enabled: draft.subject === "list" });
  const states = Object.entries(CONSENT_LABELS).flatMap(([id, name]) =>
    id === "REDACTED" ? [] : [{ id, name }],
  );
  const options = draft.subject === "tag" ? tags?.data : draft.subject === "list" ? lists?.data : states;
  return (
    <Several
      options={options ?? []}
      ids={draft.ids}
      texts={draft.subject === "list" ? PICK.lists : PICK.tags}
      put={(ids) => put({ ...draft, ids })}
    />
  );
}

function ChosenValues({
  draft,
  offered,
  put,
}: Omit<Props, "fields"> & { offered: readonly { value: string; label: string }[] }) {
  return (
    <Several
      options={offered.map(({ value, label }) => ({ id: value, name: label }))}
      ids={draft.value.split(",").flatMap((each) => each.trim() || [])}
      texts={{ search: CONDITION.value, none: "" }}
      put={(ids) => put({ ...draft, value: ids.join(", ") })}
    />
  );
}

function Several({
  options,
  ids,
  texts,
  put,
}: {
  options: readonly { id: string; name: string }[];
  ids: readonly string[];
  texts: { search: string; none: string };
  put: (ids: string[]) => void;
}) {
  const names = ids.map((id) => options.find((option) => option.id === id)?.name ?? CONDITION.gone);
  return (
    <Picker
      size="sm"
      aria-label={`${CONDITION.value}: ${names.join(", ") || CONDITION.none_chosen}`}
      label={names.length === 0 ? CONDITION.none_chosen : CONDITION.chosen(names)}
      options={options}
      chosen={new Set(ids)}
      texts={texts}
      put={({ id }, on) => put(on ? [...ids, id] : ids.filter((each) => each !== id))}
    />
  );
}
