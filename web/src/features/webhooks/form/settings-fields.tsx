import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { duration } from "../../../lib/words/time.ts";
import type { RetryPreset } from "../../../lib/types.ts";
import { HeaderFields } from "./header-fields.tsx";
import { nameOf } from "../parts/parts.ts";
import {
  hasFragment,
  isPlain,
  lengthOf,
  sameUrlQuery,
  SCHEDULES,
  scheduleSummary,
  scheduleWords,
  URL_LIMIT,
  urlProblem,
} from "../model/model.ts";
import { FIELDS } from "../texts.ts";
import type { DraftState } from "./use-draft.ts";
import shared from "../webhooks.module.css";
import classes from "./form.module.css";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const GIVE_UP_S = [6 * HOUR_S, DAY_S, 2 * DAY_S, 3 * DAY_S, 5 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S];

/** Where it goes, and what people call it. `own_id`: the endpoint that is being edited. */
export function AddressFields({ state, own_id }: { state: DraftState; own_id?: string }) {
  const { draft, problems, set } = state;
  const url = draft.url.trim();
  const length = lengthOf(url);
  return (
    <>
      <div>
        <TextInput
          label={
            <>
              {FIELDS.url}
              <span className={classes["counter"]} data-over={length > URL_LIMIT || undefined}>
                {length}/{URL_LIMIT}
              </span>
            </>
          }
          labelProps={{ className: classes["counted"] }}
          aria-label={FIELDS.url}
          placeholder={FIELDS.url_hint}
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
        <div aria-live="polite">
          {isPlain(url) && !problems.url && <Caution>{FIELDS.plain}</Caution>}
          {hasFragment(url) && !problems.url && <Caution>{FIELDS.fragment}</Caution>}
          <Duplicate url={url} own_id={own_id} />
        </div>
      </div>
      <TextInput
        label={FIELDS.name}
        placeholder={FIELDS.name_hint}
        maxLength={500}
        error={problems.description}
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
    </>
  );
}

const TYPING_MS = 250;

/** Another endpoint has this URL: allowed, and seldom meant. */
function Duplicate({ url, own_id }: { url: string; own_id: string | undefined }) {
  const [asked] = useDebouncedValue(url, TYPING_MS);
  const { data = [] } = useQuery({ ...sameUrlQuery(asked), enabled: urlProblem(asked) === null });
  const other = data.find(({ id }) => id !== own_id);
  if (!other || asked !== url) return null;
  return (
    <Caution>
      {FIELDS.duplicate}{" "}
      <Link
        to="/settings/webhooks/$endpoint_id"
        params={{ endpoint_id: other.id }}
        target="_blank"
        className={shared["link"]}
      >
        {nameOf(other)}
      </Link>
      . {FIELDS.duplicate_hint}
    </Caution>
  );
}

function Caution({ children }: { children: ReactNode }) {
  return (
    <p className={classes["caution"]}>
      <IconAlertTriangle size={15} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

/** How it is delivered: retries, limits, headers. */
export function DeliveryFields({ state }: { state: DraftState }) {
  const { draft, problems, set } = state;
  const give_up = [...new Set([...GIVE_UP_S, draft.give_up_after_s])].toSorted((a, b) => a - b);
  return (
    <div className={classes["fields"]}>
      <NativeSelect
        label={FIELDS.retries}
        description={FIELDS.retried(scheduleWords(draft.retry_preset))}
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
          label={FIELDS.rate}
          placeholder={FIELDS.rate_hint}
          inputMode="numeric"
          error={problems.rate_limit_per_s}
          value={draft.rate_limit_per_s}
          onChange={(event) => set({ rate_limit_per_s: event.currentTarget.value })}
        />
        <TextInput
          label={FIELDS.concurrency}
          inputMode="numeric"
          error={problems.concurrency}
          value={draft.concurrency}
          onChange={(event) => set({ concurrency: event.currentTarget.value })}
        />
        <TextInput
          label={FIELDS.timeout}
          inputMode="decimal"
          error={problems.timeout_s}
          value={draft.timeout_s}
          onChange={(event) => set({ timeout_s: event.currentTarget.value })}
        />
      </div>
      <NativeSelect
        label={FIELDS.disable_after}
        description={FIELDS.disable_after_hint}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={give_up.map((seconds) => ({ value: String(seconds), label: duration(seconds * 1000) }))}
        value={String(draft.give_up_after_s)}
        onChange={(event) => set({ give_up_after_s: Number(event.currentTarget.value) })}
      />
      <HeaderFields state={state} />
    </div>
  );
}
