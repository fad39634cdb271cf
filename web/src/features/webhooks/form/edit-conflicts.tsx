import { tableOf } from "../../../lib/table-of.ts";
import { useEffect, useRef } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { ApiProblem } from "../../../lib/server/api.ts";
import { ago, duration } from "../../../lib/words/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { useNow } from "../../../lib/page/use-now.ts";
import { Choice } from "./radio-choice.tsx";
import { type Draft, draftOf, isSameHeader } from "./draft.ts";
import classes from "./edit.module.css";
import { scheduleLabel } from "../model/model.ts";
import { CONFLICTS, settingName } from "../texts.ts";

/** As the server tells it (src/delivery/endpoints/endpoint-edits.ts). */
export interface Conflict {
  setting: string;
  current: unknown;
  user: { name: string } | null;
  changed_at: string;
}
export type Side = "theirs" | "yours";

/** Null: it was refused for another reason. */
export function conflictsOf(error: Error): Conflict[] | null {
  if (!(error instanceof ApiProblem) || error.code !== "EDITED_MEANWHILE") return null;
  return error.document["conflicts"] as Conflict[];
}

/** What another person changed while one was editing, beside one's own: setting by setting, to keep either. */
export function EditConflicts({
  conflicts,
  yours,
  sides,
  missed,
  onChoose,
}: {
  conflicts: readonly Conflict[];
  yours: Draft;
  sides: Readonly<Record<string, Side>>;
  /** One has tried to save without choosing. */
  missed: boolean;
  onChoose: (setting: string, side: Side) => void;
}) {
  const now = useNow();
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  return (
    <section
      ref={section}
      tabIndex={-1}
      className={classes["conflicts"]}
      role="alert"
      aria-label={CONFLICTS.title}
    >
      <div>
        <h3>{CONFLICTS.title}</h3>
        <p>{CONFLICTS.text}</p>
      </div>
      {conflicts.map(({ setting, current, user, changed_at }) => (
        <div key={setting} className={classes["conflict"]}>
          <h4>
            {settingName(setting)} <span>{CONFLICTS.by(user?.name ?? null, ago(changed_at, now))}</span>
          </h4>
          <Choice
            label={settingName(setting)}
            options={[
              { value: "theirs", label: CONFLICTS.theirs(user?.name ?? null), hint: shown(setting, current) },
              { value: "yours", label: CONFLICTS.yours, hint: yourValue(setting, yours) },
            ]}
            value={sides[setting]}
            onChange={(side) => onChoose(setting, side)}
          />
        </div>
      ))}
      {missed && <p className={classes["missed"]}>{CONFLICTS.choose}</p>}
    </section>
  );
}

const FIELD_OF_SETTING = tableOf<keyof Draft>({ timeout_ms: "timeout_s" });
const fieldOf = (setting: string): keyof Draft => FIELD_OF_SETTING[setting] ?? (setting as keyof Draft);
const headerOf = (setting: string): string | null =>
  setting.startsWith("headers.") ? setting.slice("headers.".length) : null;

/** The draft with one setting as the endpoint has it now, or as one had written it. */
export function withSide(draft: Draft, setting: string, side: Side, now: Endpoint, yours: Draft): Draft {
  const from = side === "theirs" ? draftOf(now) : yours;
  const header = headerOf(setting);
  if (header === null) return { ...draft, [fieldOf(setting)]: from[fieldOf(setting)] };
  const is = ({ name }: { name: string }) => isSameHeader(name, header);
  const others = draft.headers.filter((each) => !is(each));
  const chosen = from.headers.filter(is);
  const stored = now.header_names.some((name) => isSameHeader(name, header));
  const key = Math.max(-1, ...others.map((each) => each.key)) + 1;
  return { ...draft, headers: [...others, ...chosen.map((each) => ({ ...each, stored, key }))] };
}

function yourValue(setting: string, yours: Draft): string {
  const header = headerOf(setting);
  if (header !== null) {
    const mine = yours.headers.find(({ name }) => isSameHeader(name, header));
    return mine && !mine.removed ? CONFLICTS.header_yours : CONFLICTS.header_absent;
  }
  const value = yours[fieldOf(setting)];
  return setting === "timeout_ms" ? `${yours.timeout_s} s` : shown(setting, value);
}

function shown(setting: string, value: unknown): string {
  if (headerOf(setting) !== null) return value === true ? CONFLICTS.header_set : CONFLICTS.header_absent;
  if (setting === "rate_limit_per_s")
    return value === null || value === "" ? CONFLICTS.no_limit : formatNumber(Number(value));
  if (value === null || value === "") return CONFLICTS.nothing;
  if (setting === "timeout_ms") return duration(Number(value));
  if (setting === "give_up_after_s") return duration(Number(value) * 1_000);
  if (setting === "retry_preset") return scheduleLabel(value as Endpoint["retry_preset"]);
  return typeof value === "number" ? formatNumber(value) : (value as string);
}
