import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { withPlus } from "../../conversation/model/people.ts";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import type { PhoneNumber } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Card } from "../../ui/page.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./connections.module.css";
import { limitWords, NUMBERS, QUALITY } from "./texts.ts";

/** The workspace's numbers, and how they stand. */
export function NumbersPanel() {
  const { data } = useQuery(phoneNumbersQuery);
  const numbers = data?.data ?? [];
  return (
    <Card className={classes["card"] ?? ""} aria-label={NUMBERS.title}>
      <header className={classes["head"]}>
        <h2>{NUMBERS.title}</h2>
      </header>
      {data && numbers.length === 0 ? (
        <p className={classes["quiet"]}>{NUMBERS.none}</p>
      ) : (
        <table className={classes["table"]}>
          <thead>
            <tr>
              {NUMBERS.heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers.map((number) => (
              <Row key={number.id} number={number} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Row({ number }: { number: PhoneNumber }) {
  const quality = QUALITY[number.quality ?? ""];
  const { paused } = number.sending;
  const shown = withPlus(number.display_phone_number ?? number.phone_number_id);
  return (
    <tr>
      <td>
        <Link to="/settings/numbers/$number_id" params={{ number_id: number.id }}>
          {shown}
        </Link>
        {number.verified_name && <small dir="auto">{number.verified_name}</small>}
        {paused && (
          <Tag tone="warn" title={paused.reason}>
            {paused.scope === "all" ? NUMBERS.paused : NUMBERS.paused_templates}
          </Tag>
        )}
      </td>
      <td data-head={NUMBERS.heads[1]}>
        {quality ? <Tag tone={quality.tone}>{quality.label}</Tag> : NUMBERS.unknown}
      </td>
      <td data-head={NUMBERS.heads[2]}>{limitWords(number.messaging_limit)}</td>
      <td data-head={NUMBERS.heads[3]}>
        {number.last_webhook_at ? <Ago time={number.last_webhook_at} /> : NUMBERS.never}
      </td>
    </tr>
  );
}
