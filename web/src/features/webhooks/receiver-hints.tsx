import { IconBolt, IconCopyCheck, IconFingerprint } from "@tabler/icons-react";
import { duration } from "../../lib/time.ts";
import type { Endpoint } from "../../lib/types.ts";
import { Card } from "../../ui/page.tsx";
import { scheduleSummary } from "./schedules.ts";
import classes from "./webhooks.module.css";

/** What a good receiver does. */
export function ReceiverHints({ endpoint }: { endpoint: Endpoint }) {
  return (
    <Card className={classes["hints"]} aria-label="What your receiver should do">
      <h2>What your receiver should do</h2>
      <ul>
        <li>
          <IconBolt size={19} aria-hidden />
          <div>
            <h3>Answer at once</h3>
            <p>
              Store the request, answer HTTP 200, then work on it. Without a 2xx within{" "}
              {duration(endpoint.timeout_ms)} it is sent again: {scheduleSummary(endpoint.retry_preset)}.
            </p>
          </div>
        </li>
        <li>
          <IconCopyCheck size={19} aria-hidden />
          <div>
            <h3>Expect repeats</h3>
            <p>
              A delivery can arrive more than once. Do its work once: by <code>id</code> for a message, by{" "}
              <code>id</code> and <code>status</code> for a status, or by the header <code>webhook-id</code>,
              which is the same at every try.
            </p>
          </div>
        </li>
        <li>
          <IconFingerprint size={19} aria-hidden />
          <div>
            <h3>Check the signature</h3>
            <p>
              Optional, but do. <code>X-Hub-Signature-256</code> is <code>sha256=</code> and the hex
              HMAC-SHA256 of the raw body, keyed with your secret.
            </p>
          </div>
        </li>
      </ul>
    </Card>
  );
}
