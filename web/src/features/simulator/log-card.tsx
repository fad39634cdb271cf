import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { formatNumber } from "../../lib/intl.ts";
import { ago, exactTime } from "../../lib/time.ts";
import type { SimulatorState } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Countdown } from "../../ui/countdown.tsx";
import { Empty } from "../../ui/page-state.tsx";
import { AnswerTag } from "./answer-tag.tsx";
import classes from "./log-card.module.css";
import { Section } from "./section.tsx";

const FEW = 12;
const SIGNATURES = { right: "Signed", wrong: "Wrong signature", none: "No signature" } as const;

/** The newest webhooks that it posted, and what Wharf answered. */
export function LogCard({ posted }: { posted: SimulatorState["posted"] }) {
  const [all, setAll] = useState(false);
  const shown = all ? posted : posted.slice(0, FEW);
  return (
    <Section
      id="log"
      title="Webhooks posted"
      says={
        <>
          The newest first, up to a hundred. What Wharf took is in the <Link to="/journal">Journal</Link>.
        </>
      }
    >
      {posted.length === 0 ? (
        <Empty icon={<IconSend size={26} stroke={1.6} />} title="Nothing was posted yet">
          Play a scenario, write as a customer in the Sandbox, or answer one from the Inbox.
        </Empty>
      ) : (
        <>
          <div className={classes["heads"]} aria-hidden>
            <span>What</span>
            <span>Updates</span>
            <span>Signature</span>
            <span>Answer</span>
            <span>Tries</span>
            <span>Posted</span>
          </div>
          <ul className={classes["rows"]} aria-label="Webhooks posted">
            {shown.map((each) => (
              <Row key={each.id} posted={each} />
            ))}
          </ul>
          {posted.length > FEW && (
            <Button variant="default" onClick={() => setAll(!all)}>
              {all ? "Show fewer" : `Show all ${posted.length}`}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

function Row({ posted }: { posted: SimulatorState["posted"][number] }) {
  const now = useNow();
  const { what, updates, signature, status, tries, duration_ms, error, at, again_at } = posted;
  return (
    <li>
      <span className={classes["what"]}>
        <code>{what}</code>
        {error && <small>{error}</small>}
      </span>
      <span className={classes["more"]}>
        {SIGNATURES[signature]}, {formatNumber(updates)} {updates === 1 ? "update" : "updates"}
        {tries > 1 && `, ${tries} tries`}
      </span>
      <span className={classes["updates"]}>{formatNumber(updates)}</span>
      <span className={classes["signature"]} data-forged={signature !== "right" || undefined}>
        {SIGNATURES[signature]}
      </span>
      <span className={classes["answer"]}>
        <AnswerTag posted={posted} />
        {again_at ? (
          <small>
            again <Countdown to={again_at} />
          </small>
        ) : (
          status !== 0 && <small>{duration_ms} ms</small>
        )}
      </span>
      <span className={classes["tries"]}>{tries}</span>
      <time dateTime={at} title={exactTime(at)}>
        {ago(at, now)}
      </time>
    </li>
  );
}
