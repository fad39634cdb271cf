import { IconBolt, IconCopyCheck, IconFingerprint } from "@tabler/icons-react";
import { duration } from "../../../lib/words/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { Coded } from "../../../ui/coded.tsx";
import { Card } from "../../../ui/page.tsx";
import { scheduleSummary } from "../model/model.ts";
import { HINTS } from "../texts.ts";
import classes from "./settings.module.css";

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
              <Coded text={HINTS.repeats_text} />
            </p>
          </div>
        </li>
        <li>
          <IconFingerprint size={19} aria-hidden />
          <div>
            <h3>{HINTS.check}</h3>
            <p>
              <Coded text={HINTS.check_text} />
            </p>
          </div>
        </li>
      </ul>
    </Card>
  );
}
