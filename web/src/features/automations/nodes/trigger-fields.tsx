import { NumberInput, Switch, TextInput } from "@mantine/core";
import { TIME_ZONES } from "../../../conversation/conditions/countries.ts";
import { ownZone } from "../../../lib/page/zones.ts";
import { TRIGGER_GROUPS, TRIGGERS } from "../flow-texts.ts";
import { newTrigger, type NodeOf, type Trigger, type TriggerKind } from "../model/model.ts";
import { FIELDS, TRIGGER } from "../setting-texts.ts";
import { Choose, optionsOf, TimeField, WeekdaysField, WordsField } from "./fields.tsx";
import classes from "./nodes.module.css";
import { Pick, PickField, PickSource } from "./pick.tsx";
import { ValueField } from "./value-field.tsx";

const GROUPS: [keyof typeof TRIGGER_GROUPS, TriggerKind[]][] = [
  ["messages", ["message_received", "keyword", "button_reply", "campaign_reply"]],
  ["people", ["contact_created", "tag_added", "list_entered", "segment_entered", "field_changed"]],
  ["times", ["date_field", "schedule"]],
  ["systems", ["api_event"]],
];

/** What makes people enter. */
export function TriggerFields({
  node,
  put,
}: {
  node: NodeOf<"trigger">;
  put: (node: NodeOf<"trigger">) => void;
}) {
  const { trigger } = node;
  const set = (next: Trigger | null) => put({ ...node, trigger: next });
  return (
    <>
      <Choose
        label={TRIGGER.kind}
        empty={TRIGGER.choose}
        value={trigger?.kind ?? null}
        data={GROUPS.map(([group, kinds]) => ({
          group: TRIGGER_GROUPS[group],
          items: optionsOf(TRIGGERS, kinds),
        }))}
        put={(kind) => set(kind === null ? null : newTrigger(kind as TriggerKind, ownZone()))}
      />
      {trigger && <Kind key={trigger.kind} trigger={trigger} set={set} />}
    </>
  );
}

/** Long: a case a kind of trigger, each its fields. */
function Kind({ trigger, set }: { trigger: Trigger; set: (trigger: Trigger) => void }) {
  switch (trigger.kind) {
    case "message_received":
    case "contact_created":
      return null;
    case "keyword":
      return (
        <>
          <Choose
            label={TRIGGER.match}
            value={trigger.match}
            data={optionsOf(TRIGGER.matches)}
            put={(match) => set({ ...trigger, match: match as typeof trigger.match })}
          />
          <WordsField
            label={TRIGGER.words}
            description={TRIGGER.words_note}
            value={trigger.words}
            put={(words) => set({ ...trigger, words })}
          />
        </>
      );
    case "button_reply":
      return (
        <>
          <WordsField
            label={TRIGGER.texts}
            description={TRIGGER.buttons_note}
            value={trigger.texts}
            put={(texts) => set({ ...trigger, texts })}
          />
          <WordsField
            label={TRIGGER.payloads}
            value={trigger.payloads}
            put={(payloads) => set({ ...trigger, payloads })}
          />
        </>
      );
    case "tag_added":
      return (
        <Pick
          kind="tag"
          label={TRIGGER.tag}
          value={trigger.tag_id}
          put={(tag_id) => set({ ...trigger, tag_id })}
        />
      );
    case "list_entered":
      return (
        <Pick
          kind="list"
          label={TRIGGER.list}
          value={trigger.list_id}
          put={(list_id) => set({ ...trigger, list_id })}
        />
      );
    case "segment_entered":
      return (
        <Pick
          kind="segment"
          label={TRIGGER.segment}
          value={trigger.segment_id}
          put={(segment_id) => set({ ...trigger, segment_id })}
        />
      );
    case "campaign_reply":
      return (
        <>
          <Pick
            kind="campaign"
            label={TRIGGER.campaign}
            empty={TRIGGER.any_campaign}
            value={trigger.campaign_id}
            put={(campaign_id) => set({ ...trigger, campaign_id })}
          />
          <p className={classes["hint"]}>{TRIGGER.campaign_note}</p>
        </>
      );
    case "api_event":
      return (
        <TextInput
          label={TRIGGER.event}
          description={TRIGGER.event_note}
          placeholder={TRIGGER.event_hint}
          maxLength={100}
          value={trigger.name}
          onChange={({ currentTarget: { value } }) => set({ ...trigger, name: value })}
        />
      );
    case "field_changed":
    case "date_field":
      return <FieldTrigger trigger={trigger} set={set} />;
    case "schedule":
      return <Schedule trigger={trigger} set={set} />;
  }
}

type OfField = Extract<Trigger, { kind: "field_changed" | "date_field" }>;
function FieldTrigger({ trigger, set }: { trigger: OfField; set: (trigger: Trigger) => void }) {
  if (trigger.kind === "field_changed")
    return (
      <>
        <PickField
          label={TRIGGER.field}
          value={trigger.field_id}
          put={(field_id) => set({ ...trigger, field_id, to: null })}
        />
        <ValueField
          field_id={trigger.field_id}
          label={TRIGGER.to}
          description={TRIGGER.to_hint}
          value={trigger.to}
          put={(to) => set({ ...trigger, to })}
        />
      </>
    );
  return (
    <>
      <PickField
        dates
        label={TRIGGER.date_field}
        value={trigger.field_id}
        put={(field_id) => set({ ...trigger, field_id })}
      />
      <DaysField days={trigger.days} put={(days) => set({ ...trigger, days })} />
      <TimeField
        description={FIELDS.time_hint}
        value={trigger.time}
        put={(time) => set({ ...trigger, time })}
      />
      <Switch
        label={TRIGGER.every_year}
        checked={trigger.every_year}
        onChange={({ currentTarget: { checked } }) => set({ ...trigger, every_year: checked })}
      />
    </>
  );
}

/** How many days before or after a date. */
export function DaysField({ days, put }: { days: number; put: (days: number) => void }) {
  const way = days === 0 ? "on" : days < 0 ? "before" : "after";
  return (
    <div className={classes["length"]}>
      <NumberInput
        label={TRIGGER.days}
        min={0}
        max={365}
        hideControls
        allowNegative={false}
        allowDecimal={false}
        value={Math.abs(days)}
        onChange={(value) => typeof value === "number" && put(days < 0 ? -value : value)}
      />
      <Choose
        aria-label={TRIGGER.when}
        value={way}
        data={[
          { value: "on", label: TRIGGER.on_day },
          { value: "before", label: TRIGGER.days_before },
          { value: "after", label: TRIGGER.days_after },
        ]}
        put={(next) => {
          const count = Math.max(1, Math.abs(days));
          put(next === "on" ? 0 : next === "before" ? -count : count);
        }}
      />
    </div>
  );
}

function Schedule({
  trigger,
  set,
}: {
  trigger: Extract<Trigger, { kind: "schedule" }>;
  set: (trigger: Trigger) => void;
}) {
  return (
    <>
      <WeekdaysField value={trigger.weekdays} put={(weekdays) => set({ ...trigger, weekdays })} />
      <TimeField value={trigger.time} put={(time) => set({ ...trigger, time })} />
      <Choose
        label={FIELDS.zone}
        gone={trigger.time_zone}
        value={trigger.time_zone}
        data={[...TIME_ZONES]}
        put={(time_zone) => time_zone !== null && set({ ...trigger, time_zone })}
      />
      <PickSource
        label={TRIGGER.audience}
        value={trigger.audience}
        put={(audience) => set({ ...trigger, audience })}
      />
    </>
  );
}
