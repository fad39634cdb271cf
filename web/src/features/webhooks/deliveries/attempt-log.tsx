import { IconCheck, IconChevronRight, IconHandClick, IconX } from "@tabler/icons-react";
import { saysOfAttempt } from "../../../lib/words/attempt-texts.ts";
import { duration } from "../../../lib/words/time.ts";
import type { Attempt, DeliveryDetail } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import classes from "./delivery-drawer.module.css";
import { ATTEMPTS } from "../delivery-texts.ts";

/** Each attempt, the last one first: what was sent, what came back, how long it took. */
export function AttemptLog({ delivery }: { delivery: DeliveryDetail }) {
  const attempts = delivery.attempt_log.toReversed();
  return (
    <section>
      <h3>{ATTEMPTS.title(attempts.length)}</h3>
      <ol className={classes["attempts"]} reversed>
        {attempts.map((attempt, index) => (
          <li key={attempt.attempt} data-bad={attempt.error !== null || undefined}>
            <span className={classes["dot"]} aria-hidden>
              {attempt.error === null ? (
                <IconCheck size={14} stroke={2.4} />
              ) : (
                <IconX size={14} stroke={2.4} />
              )}
            </span>
            <div className={classes["attempt"]}>
              <div className={classes["line"]}>
                <b>{attempt.status === null ? ATTEMPTS.no_answer : `HTTP ${attempt.status}`}</b>
                <span>{duration(attempt.duration_ms)}</span>
                {attempt.manual && (
                  <span className={classes["manual"]}>
                    <IconHandClick size={14} aria-hidden /> {ATTEMPTS.manual}
                  </span>
                )}
                <span className={classes["when"]}>
                  #{attempt.attempt} · <Ago time={attempt.started_at} />
                </span>
              </div>
              {attempt.error && <p>{saysOfAttempt(attempt)}</p>}
              <Exchange attempt={attempt} last={index === 0} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Exchange({ attempt, last }: { attempt: Attempt; last: boolean }) {
  const { request_headers, response_excerpt, response_truncated } = attempt;
  return (
    <>
      {response_excerpt !== null && response_excerpt !== "" && (
        <details open={(last && attempt.error !== null) || undefined}>
          <summary>
            <IconChevronRight size={14} aria-hidden /> {ATTEMPTS.response}
          </summary>
          <pre tabIndex={0}>{response_excerpt}</pre>
          {response_truncated && <small>{ATTEMPTS.truncated}</small>}
        </details>
      )}
      {request_headers.length > 0 && (
        <details>
          <summary>
            <IconChevronRight size={14} aria-hidden /> {ATTEMPTS.headers}
          </summary>
          <dl>
            {request_headers.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
