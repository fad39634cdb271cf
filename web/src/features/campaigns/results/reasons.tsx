import type { ReactNode } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { Card } from "../../../ui/page.tsx";
import { Tag } from "../../../ui/tag.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Analytics, type PeopleFilter, share } from "../model/model.ts";
import { PeopleLink } from "../parts/parts.ts";
import { countryName } from "../texts.ts";
import { REASONS } from "../result-texts.ts";
import classes from "./results.module.css";

/** Why messages did not arrive, most first, with what to do; what Meta limited is told apart. */
export function Failures({ failures }: { failures: Analytics["failures"] }) {
  const most = Math.max(...failures.map(({ count }) => count), 1);
  return (
    <Card className={common["block"]}>
      <h2>{REASONS.failures}</h2>
      {failures.length === 0 && <p className={common["hint"]}>{REASONS.no_failures}</p>}
      <ul className={classes["bars"]} data-bad>
        {failures
          .toSorted((a, b) => b.count - a.count)
          .map(({ code, title, advice, count, limited }) => (
            <Bar
              key={`${code} ${title}`}
              part={count / most}
              count={count}
              filter={code === null ? { reached: "failed" } : { error_code: String(code) }}
              name={
                <>
                  {title} {code !== null && code > 0 && <small>{REASONS.code(code)}</small>}
                  {limited && <Tag tone="warn">{REASONS.limited}</Tag>}
                </>
              }
            >
              {advice}
            </Bar>
          ))}
      </ul>
    </Card>
  );
}

/** Why nothing was sent to some. */
export function Skipped({ skipped, audience }: { skipped: Analytics["skipped"]; audience: number }) {
  const most = Math.max(...skipped.map(({ count }) => count), 1);
  return (
    <Card className={common["block"]}>
      <h2>{REASONS.skipped}</h2>
      {skipped.length === 0 && <p className={common["hint"]}>{REASONS.no_skipped}</p>}
      <ul className={classes["bars"]}>
        {skipped
          .toSorted((a, b) => b.count - a.count)
          .map(({ reason, title, count }) => (
            <Bar key={reason} part={count / most} count={count} filter={{ skip_reason: reason }} name={title}>
              {REASONS.of_audience(share(count, audience))}
            </Bar>
          ))}
      </ul>
    </Card>
  );
}

const MOST_COUNTRIES = 8;
/** By which people whose country is not known are asked for. */
const UNKNOWN = "ZZ";

export function Countries({ countries }: { countries: Analytics["countries"] }) {
  const sorted = countries.toSorted((a, b) => (b.audience ?? 0) - (a.audience ?? 0));
  return (
    <Card className={common["block"]}>
      <h2>{REASONS.countries}</h2>
      {sorted.length === 0 ? (
        <p className={common["hint"]}>{REASONS.no_countries}</p>
      ) : (
        <div className={classes["scrolls"]} tabIndex={0} role="region" aria-label={REASONS.countries}>
          <table className={classes["numbers"]}>
            <thead>
              <tr>
                {REASONS.country_columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sorted
                .slice(0, MOST_COUNTRIES)
                .map(({ country, audience = 0, sent = 0, delivered = 0, read = 0 }) => (
                  <tr key={country}>
                    <th scope="row">
                      <PeopleLink filter={{ country: country ?? UNKNOWN }}>{countryName(country)}</PeopleLink>
                    </th>
                    <td>{formatNumber(audience)}</td>
                    <td>{share(delivered, sent)}</td>
                    <td>{share(read, delivered)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
      {sorted.length > MOST_COUNTRIES && (
        <p className={common["hint"]}>{REASONS.more_countries(sorted.length - MOST_COUNTRIES)}</p>
      )}
    </Card>
  );
}

function Bar({
  name,
  part,
  count,
  filter,
  children,
}: {
  name: ReactNode;
  part: number;
  count: number;
  filter: PeopleFilter;
  children?: ReactNode;
}) {
  return (
    <li>
      <PeopleLink filter={filter}>
        <span>{name}</span>
        <b>{formatNumber(count)}</b>
        <i aria-hidden style={{ width: `${part * 100}%` }} />
      </PeopleLink>
      {children && <small>{children}</small>}
    </li>
  );
}
