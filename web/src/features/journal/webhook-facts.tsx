import { bytes, exactTime } from "../../lib/words/time.ts";
import type { JournalDetail } from "../../lib/types.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { FACTS, NOT_YET, ON_ARRIVAL, SIGNATURE_CHECKED, WEBHOOK } from "./texts.ts";
import classes from "./webhook-parts.module.css";

/** Of a webhook that was processed at once and brought nothing new no time is kept. */
function processedAt({ completed_at, state }: JournalDetail): string {
  if (completed_at) return exactTime(completed_at);
  return state === "pending" ? NOT_YET : ON_ARRIVAL;
}

/** When it came and was processed, and what Wharf keeps of it. */
export function WebhookFacts({ webhook }: { webhook: JournalDetail }) {
  return (
    <dl className={classes["facts"]}>
      <div>
        <dt>{FACTS.received}</dt>
        <dd>{exactTime(webhook.received_at)}</dd>
      </div>
      <div>
        <dt>{FACTS.processed}</dt>
        <dd>{processedAt(webhook)}</dd>
      </div>
      <div>
        <dt>{FACTS.attempts}</dt>
        <dd>{webhook.attempts}</dd>
      </div>
      <div>
        <dt>{FACTS.size}</dt>
        <dd>{bytes(webhook.body_bytes)}</dd>
      </div>
      <div>
        <dt>{FACTS.signature}</dt>
        <dd>{SIGNATURE_CHECKED}</dd>
      </div>
      <div>
        <dt>{FACTS.id}</dt>
        <dd>
          <code>{webhook.id}</code>
          <CopyButton text={webhook.id} what={`${WEBHOOK} ID`} size="compact-xs" variant="subtle" />
        </dd>
      </div>
    </dl>
  );
}
