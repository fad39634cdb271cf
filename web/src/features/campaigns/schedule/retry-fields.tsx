import { NumberInput, Switch, TextInput } from "@mantine/core";
import { serverNow } from "../../../lib/words/clock.ts";
import { fromLocalInput, toLocalInput } from "../../../lib/words/spans.ts";
import common from "../../../ui/form-blocks.module.css";
import type { LimitedRetry, Schedule } from "../model/model.ts";
import { SCHEDULE } from "../wizard-texts.ts";

const DAY_MS = 86_400_000;
const DAYS = 3;
const MOST_DAYS = 7;

/** People that Meta limited are tried again, days later. */
export function RetryFields({
  retry,
  schedule,
  put,
}: {
  retry: LimitedRetry | null;
  schedule: Schedule;
  put: (retry: LimitedRetry | null) => void;
}) {
  const starts = schedule.kind === "at" ? Math.max(Date.parse(schedule.at), serverNow()) : serverNow();
  const moment = (days: number) => new Date(starts + days * DAY_MS).toISOString();
  return (
    <div className={common["item"]}>
      <Switch
        label={SCHEDULE.retry}
        description={SCHEDULE.retry_hint}
        checked={retry !== null}
        onChange={({ currentTarget: { checked } }) =>
          put(checked ? { gap_h: 24, until: moment(DAYS) } : null)
        }
      />
      {retry !== null && (
        <div className={common["pair"]}>
          <NumberInput
            hideControls
            label={SCHEDULE.gap}
            min={24}
            max={168}
            allowDecimal={false}
            value={retry.gap_h}
            onChange={(value) =>
              typeof value === "number" && value >= 24 && value <= 168 && put({ ...retry, gap_h: value })
            }
          />
          <TextInput
            type="datetime-local"
            label={SCHEDULE.until}
            max={toLocalInput(moment(MOST_DAYS))}
            value={toLocalInput(retry.until)}
            error={retry.until > moment(MOST_DAYS) && SCHEDULE.until_wrong}
            onChange={({ currentTarget: { value } }) => {
              const until = fromLocalInput(value);
              if (until !== undefined) put({ ...retry, until });
            }}
          />
        </div>
      )}
    </div>
  );
}
