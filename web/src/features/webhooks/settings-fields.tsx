import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { duration } from "../../lib/time.ts";
import type { RetryPreset } from "../../lib/types.ts";
import { SCHEDULES, scheduleSummary, scheduleWords } from "./schedules.ts";
import { isPlain, lengthOf, URL_LIMIT } from "./url.ts";
import type { DraftState } from "./use-draft.ts";
import classes from "./webhooks.module.css";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const GIVE_UP_S = [6 * HOUR_S, DAY_S, 2 * DAY_S, 3 * DAY_S, 5 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S];

/** Where it goes, and what people call it. */
export function AddressFields({ state }: { state: DraftState }) {
  const { draft, problems, set } = state;
  const length = lengthOf(draft.url.trim());
  return (
    <>
      <div>
        <TextInput
          label={
            <>
              Webhook URL
              <span className={classes["counter"]} data-over={length > URL_LIMIT || undefined}>
                {length}/{URL_LIMIT}
              </span>
            </>
          }
          labelProps={{ className: classes["counted"] }}
          aria-label="Webhook URL"
          placeholder="https://example.com/webhooks"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-autofocus
          error={problems.url}
          value={draft.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
          onBlur={state.leftUrl}
        />
        {isPlain(draft.url.trim()) && !problems.url && (
          <p className={classes["caution"]}>
            <IconAlertTriangle size={15} aria-hidden />
            Use https:// in production: over http:// anybody on the way can read what is sent.
          </p>
        )}
      </div>
      <TextInput
        label="Description"
        placeholder="Optional, to tell it from others"
        maxLength={500}
        error={problems.description}
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
    </>
  );
}

/** How it is delivered: retries, limits, headers. */
export function DeliveryFields({ state }: { state: DraftState }) {
  const { draft, problems, set } = state;
  const give_up = [...new Set([...GIVE_UP_S, draft.give_up_after_s])].toSorted((a, b) => a - b);
  return (
    <div className={classes["fields"]}>
      <NativeSelect
        label="Retries"
        description={`Tried again ${scheduleWords(draft.retry_preset)}`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={Object.entries(SCHEDULES).map(([value, { label }]) => ({
          value,
          label: `${label}: ${scheduleSummary(value as RetryPreset)}`,
        }))}
        value={draft.retry_preset}
        onChange={(event) => set({ retry_preset: event.currentTarget.value as RetryPreset })}
      />
      <div className={classes["numbers"]}>
        <TextInput
          label="Rate limit, a second"
          placeholder="None"
          inputMode="numeric"
          error={problems.rate_limit_per_s}
          value={draft.rate_limit_per_s}
          onChange={(event) => set({ rate_limit_per_s: event.currentTarget.value })}
        />
        <TextInput
          label="Requests at once"
          inputMode="numeric"
          error={problems.concurrency}
          value={draft.concurrency}
          onChange={(event) => set({ concurrency: event.currentTarget.value })}
        />
        <TextInput
          label="Timeout, seconds"
          inputMode="decimal"
          error={problems.timeout_s}
          value={draft.timeout_s}
          onChange={(event) => set({ timeout_s: event.currentTarget.value })}
        />
      </div>
      <NativeSelect
        label="Give up after"
        description="With nothing but failures for this long, Wharf stops trying and holds what it owes"
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={give_up.map((seconds) => ({ value: String(seconds), label: duration(seconds * 1000) }))}
        value={String(draft.give_up_after_s)}
        onChange={(event) => set({ give_up_after_s: Number(event.currentTarget.value) })}
      />
      <HeaderFields state={state} />
    </div>
  );
}

/** Custom headers. The values of those that are stored can't be shown, only replaced. */
function HeaderFields({ state }: { state: DraftState }) {
  const { draft, problems, set } = state;
  const shown = draft.headers.filter(({ removed }) => !removed);
  const change = (key: number, changes: Partial<(typeof draft.headers)[number]>) =>
    set({ headers: draft.headers.map((each) => (each.key === key ? { ...each, ...changes } : each)) });
  const remove = (key: number) =>
    set({
      headers: draft.headers.flatMap((each) => {
        if (each.key !== key) return [each];
        return each.stored ? [{ ...each, removed: true }] : [];
      }),
    });
  const add = () => {
    const key = Math.max(-1, ...draft.headers.map((each) => each.key)) + 1;
    set({ headers: [...draft.headers, { key, name: "", value: "", stored: false, removed: false }] });
  };
  return (
    <fieldset className={classes["headers"]}>
      <legend>Custom headers</legend>
      <p>Sent with every request. Their values are kept encrypted and not shown again.</p>
      {shown.map(({ key, name, value, stored }, index) => (
        <div key={key} className={classes["header"]}>
          <TextInput
            aria-label={`Name of header ${index + 1}`}
            placeholder="X-Api-Key"
            spellCheck={false}
            autoComplete="off"
            readOnly={stored}
            error={problems.headers !== undefined}
            value={name}
            onChange={(event) => change(key, { name: event.currentTarget.value })}
          />
          {value === null ? (
            <>
              <span className={classes["hidden"]}>••••••••</span>
              <Button variant="default" onClick={() => change(key, { value: "" })}>
                Replace
              </Button>
            </>
          ) : (
            <TextInput
              aria-label={`Value of ${name || `header ${index + 1}`}`}
              placeholder="Value"
              spellCheck={false}
              autoComplete="off"
              value={value}
              onChange={(event) => change(key, { value: event.currentTarget.value })}
            />
          )}
          <ActionIcon
            variant="default"
            size={36}
            aria-label={`Remove ${name || `header ${index + 1}`}`}
            onClick={() => remove(key)}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {problems.headers && (
        <p className={classes["wrong"]} role="alert">
          {problems.headers}
        </p>
      )}
      <Button variant="default" size="xs" onClick={add}>
        Add a header
      </Button>
    </fieldset>
  );
}
