import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { duration } from "../../../lib/words/time.ts";
import type { SimulatorState } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Countdown } from "../../../ui/countdown.tsx";
import { Empty } from "../../../ui/page-state.tsx";
import { AnswerTag, Section } from "../parts/parts.ts";
import classes from "./log-card.module.css";
import { texts } from "../texts.ts";

const FEW = 12;
const { log } = texts;

/** The newest webhooks that it posted, and what Wharf answered. */
export function LogCard({ posted }: { posted: SimulatorState["posted"] }) {
  const [all, setAll] = useState(false);
  const shown = all ? posted : posted.slice(0, FEW);
  return (
    <Section
      id="log"
      title={texts.parts.log}
      says={
        <>
          {log.says[0]}
          <Link to="/journal">{log.says[1]}</Link>
          {log.says[2]}
        </>
      }
    >
      {posted.length === 0 ? (
        <Empty icon={<IconSend size={26} stroke={1.6} />} title={log.empty.title}>
          {log.empty.advice}
        </Empty>
      ) : (
        <>
          <div className={classes["heads"]} aria-hidden>
            {log.heads.map((head) => (
              <span key={head}>{head}</span>
            ))}
          </div>
          <ul className={classes["rows"]} aria-label={texts.parts.log}>
            {shown.map((each) => (
              <Row key={each.id} posted={each} />
            ))}
          </ul>
          {posted.length > FEW && (
            <Button variant="default" onClick={() => setAll(!all)}>
              {all ? log.show_fewer : log.show_all(posted.length)}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

function Row({ posted }: { posted: SimulatorState["posted"][number] }) {
  const { what, updates, signature, status, tries, duration_ms, error, at, again_at } = posted;
  return (
    <li>
      <span className={classes["what"]}>
        <code>{what}</code>
        {error && <small>{error}</small>}
      </span>
      <span className={classes["more"]}>{log.more(log.signatures[signature], updates, tries)}</span>
      <span className={classes["updates"]}>{formatNumber(updates)}</span>
      <span className={classes["signature"]} data-forged={signature !== "right" || undefined}>
        {log.signatures[signature]}
      </span>
      <span className={classes["answer"]}>
        <AnswerTag posted={posted} />
        {again_at ? (
          <small>
            {log.retry} <Countdown to={again_at} />
          </small>
        ) : (
          status !== 0 && <small>{duration(duration_ms)}</small>
        )}
      </span>
      <span className={classes["tries"]}>{tries}</span>
      <Ago time={at} />
    </li>
  );
}
