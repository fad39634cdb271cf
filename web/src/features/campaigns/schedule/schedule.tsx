import { Switch } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Draft } from "../model/model.ts";
import { SCHEDULE } from "../wizard-texts.ts";
import { BreakerFields } from "./breaker-fields.tsx";
import { CanaryFields } from "./canary-fields.tsx";
import { RateFields } from "./rate-fields.tsx";
import { RetryFields } from "./retry-fields.tsx";
import { WhenFields } from "./when-fields.tsx";

/** The third step: when it starts, how fast it goes, and what stops it. */
export function Schedule({ draft }: { draft: Draft }) {
  const { form, put } = draft;
  return (
    <div className={common["column"]} style={{ maxWidth: 820 }}>
      <Card className={common["block"]}>
        <h2>{SCHEDULE.when}</h2>
        <WhenFields schedule={form.schedule} put={(schedule) => put({ schedule })} />
      </Card>
      <Card className={common["block"]}>
        <h2>{SCHEDULE.speed}</h2>
        <RateFields draft={draft} />
      </Card>
      <Card className={common["block"]}>
        <h2>{SCHEDULE.safety}</h2>
        <CanaryFields canary={form.canary} put={(canary) => put({ canary })} />
        <BreakerFields breaker={form.breaker} put={(breaker) => put({ breaker })} />
      </Card>
      <Card className={common["block"]}>
        <h2>{SCHEDULE.afterwards}</h2>
        <RetryFields
          retry={form.limited_retry}
          schedule={form.schedule}
          put={(limited_retry) => put({ limited_retry })}
        />
        <Switch
          label={SCHEDULE.clicks}
          description={SCHEDULE.clicks_hint}
          checked={form.track_clicks}
          onChange={({ currentTarget: { checked } }) => put({ track_clicks: checked })}
        />
      </Card>
    </div>
  );
}
