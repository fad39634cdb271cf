import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { wordsOf } from "../../../lib/server/api.ts";
import { formatNumber } from "../../../lib/words/intl.ts";
import { CONSENT_LABELS } from "../../../lib/words/texts.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Draft, type Reach, reachQuery } from "../model/model.ts";
import { AUDIENCE } from "../wizard-texts.ts";
import classes from "./audience.module.css";

/** How many would get it as things are now, and why the others would not; asked anew with each saving. */
export function ReachCard({ draft: { campaign, form, version, saved } }: { draft: Draft }) {
  const asked = form.audience.include.length > 0 || campaign.added > 0;
  const query = useQuery({
    ...reachQuery(campaign.id, version + campaign.added),
    enabled: asked && saved,
  });
  return (
    <Card className={common["block"]} aria-busy={query.isFetching || !saved}>
      <h2>{AUDIENCE.reach}</h2>
      {!asked ? (
        <p className={common["hint"]}>{AUDIENCE.reach_empty}</p>
      ) : query.data ? (
        <Broken reach={query.data} stale={query.isPlaceholderData || !saved} />
      ) : query.isError ? (
        <p className={common["wrong"]} role="alert">
          {wordsOf(query.error)}
        </p>
      ) : (
        <Skeleton h={150} radius={10} role="status" aria-label={AUDIENCE.counting} />
      )}
    </Card>
  );
}

function Broken({ reach, stale }: { reach: Reach; stale: boolean }) {
  const parts = partsOf(reach).filter(({ count }) => count > 0);
  return (
    <div className={classes["reach"]} data-stale={stale || undefined}>
      <p className={classes["reached"]} role="status">
        <b>{formatNumber(reach.reached)}</b> {AUDIENCE.would_get_it(reach.reached)}
      </p>
      {reach.included > 0 && (
        <div className={classes["bar"]} aria-hidden>
          {parts.map(({ name, count, tone }) => (
            <i key={name} data-tone={tone} style={{ flexGrow: count }} />
          ))}
        </div>
      )}
      <table>
        <caption>{AUDIENCE.included(reach.included)}</caption>
        <tbody>
          {parts.map(({ name, count, tone, out }) => (
            <tr key={name}>
              <th scope="row">
                <i data-tone={tone} aria-hidden />
                {name}
                {out && <small>{AUDIENCE.gets_nothing}</small>}
              </th>
              <td>{formatNumber(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Tone = "good" | "accent" | "warn" | "bad" | "quiet" | "faint";

/** All who were included, each in one part: the sum of the parts is the whole. */
function partsOf({ duplicates, excluded, unreachable, missing_values, by_consent }: Reach) {
  const parts: { name: string; count: number; tone: Tone; out: boolean }[] = by_consent.map(
    ({ state, count, reached }) => ({
      name: CONSENT_LABELS[state],
      count,
      tone: reached ? (state === "SUBSCRIBED" ? "good" : "accent") : "bad",
      out: !reached,
    }),
  );
  return [
    ...parts.toSorted((a, b) => Number(a.tone === "bad") - Number(b.tone === "bad")),
    { name: AUDIENCE.unreachable, count: unreachable, tone: "warn" as const, out: true },
    { name: AUDIENCE.missing_values, count: missing_values, tone: "warn" as const, out: true },
    { name: AUDIENCE.excluded, count: excluded, tone: "quiet" as const, out: true },
    { name: AUDIENCE.duplicates, count: duplicates, tone: "faint" as const, out: false },
  ];
}
