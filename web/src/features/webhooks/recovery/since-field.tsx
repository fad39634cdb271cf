import { NativeSelect, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { serverNow } from "../../../lib/words/clock.ts";
import { exactTime } from "../../../lib/words/time.ts";
import { beforeFailing, fromLocalInput, sinceTime, SPANS, toLocalInput } from "../../../lib/words/spans.ts";
import classes from "./recovery.module.css";
import { RECOVER } from "../delivery-texts.ts";

const FAILING = "failing";

/** Since when deliveries are recovered, and the field for it; undefined while what is typed is no time. */
export function useSince(failing_since: string | null) {
  const [span, setSpan] = useState<string>(failing_since === null ? "24h" : FAILING);
  const [custom, setCustom] = useState(() => toLocalInput(sinceTime("24h")));
  // Counted back from when the dialog's span was chosen, so that the count and the start mean the same.
  const [chosen_at, setChosenAt] = useState(serverNow);
  const since =
    span === "custom"
      ? fromLocalInput(custom)
      : span === FAILING && failing_since !== null
        ? beforeFailing(failing_since)
        : sinceTime(span, chosen_at);
  const field = (
    <div className={classes["since"]}>
      <NativeSelect
        label={RECOVER.since}
        rightSection={<IconChevronDown size={16} aria-hidden />}
        data={[
          ...SPANS.slice(0, 3),
          ...(failing_since === null ? [] : [{ value: FAILING, label: RECOVER.since_failing }]),
          { value: "custom", label: RECOVER.since_custom },
        ].map(({ value, label }) => ({ value, label }))}
        value={span}
        onChange={({ currentTarget: { value } }) => {
          setSpan(value);
          setChosenAt(serverNow());
        }}
      />
      {span === "custom" ? (
        <TextInput
          type="datetime-local"
          label={RECOVER.since_when}
          value={custom}
          onChange={({ currentTarget }) => setCustom(currentTarget.value)}
        />
      ) : (
        since && <small className={classes["soft"]}>{exactTime(since)}</small>
      )}
    </div>
  );
  return { since, field };
}
