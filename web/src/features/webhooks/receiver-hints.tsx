import { IconBolt, IconCopyCheck, IconFingerprint } from "@tabler/icons-react";
import { duration } from "../../lib/time.ts";
import type { Endpoint } from "../../lib/types.ts";
import { Card } from "../../ui/page.tsx";
import { scheduleSummary } from "./schedules.ts";
import { HINTS } from "./texts.ts";
import classes from "./webhooks.module.css";

/** What a good receiver does. */
export function ReceiverHints({ endpoint }: { endpoint: Endpoint }) {
  return (
    <Card className={classes["hints"]} aria-label={HINTS.title}>
      <h2>{HINTS.title}</h2>
      <ul>
        <li>
          <IconBolt size={19} aria-hidden />
          <div>
            <h3>{HINTS.answer}</h3>
            <p>{HINTS.answer_text(duration(endpoint.timeout_ms), scheduleSummary(endpoint.retry_preset))}</p>
          </div>
        </li>
        <li>
          <IconCopyCheck size={19} aria-hidden />
          <div>
            <h3>{HINTS.repeats}</h3>
            <p>
              A delivery can arrive more than once. Do its work once: by <code>id</code> for a message, by{" "}
              <code>id</code> and <code>status</code> for a status, or by the header <code>webhook-id</code>,
              which is the same at every attempt.
            </p>
          </div>
        </li>
        <li>
          <IconFingerprint size={19} aria-hidden />
          <div>
            <h3>{HINTS.check}</h3>
            <p>
              Recommended. <code>X-Hub-Signature-256</code> is <code>sha256=</code> and the hex HMAC-SHA256 of
              the raw body. The key is your whole secret, <code>whsec_</code> included.
            </p>
          </div>
        </li>
      </ul>
    </Card>
  );
}
