import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Avatar } from "../../conversation/marks/avatar.tsx";
import { CONSENT } from "../../conversation/model/people.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import type { Rule } from "./queries.ts";
import classes from "./segment.module.css";
import { BUILDER } from "./texts.ts";

const PAUSE_MS = 400;

/** How many are in it and who, counted anew once one stops editing. */
export function LiveCount({ rule }: { rule: Rule | null }) {
  const text = rule === null ? null : JSON.stringify(rule);
  const [asked] = useDebouncedValue(text, PAUSE_MS);
  const query = useQuery({
    queryKey: ["segment-preview", asked] as const,
    queryFn: ({ signal }) =>
      call("POST /api/v1/segments/preview", { body: { rule: JSON.parse(asked!) as Rule }, signal }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const counting = text !== asked || query.isFetching;
  const { data } = query;
  return (
    <aside className={classes["aside"]} aria-label={BUILDER.count} aria-busy={counting}>
      <h2>{BUILDER.count}</h2>
      {text === null ? (
        <p>{BUILDER.incomplete}</p>
      ) : query.isError && !counting ? (
        <p role="alert" className={classes["wrong"]}>
          {BUILDER.failed}. {wordsOf(query.error)}
        </p>
      ) : (
        <>
          <p className={classes["number"]} role="status">
            {counting || !data ? BUILDER.counting : formatNumber(data.count)}
          </p>
          {data && data.contacts.length > 0 && (
            <div data-stale={counting || undefined} className={classes["preview"]}>
              <h3>{BUILDER.preview}</h3>
              <ul>
                {data.contacts.map((contact) => (
                  <li key={contact.id}>
                    <Avatar id={contact.id} name={contact.display_name} size={30} />
                    <Link to="/contacts/$contact_id" params={{ contact_id: contact.id }} dir="auto">
                      {contact.display_name}
                    </Link>
                    <small>{CONSENT[contact.marketing_state].label}</small>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {data && data.count === 0 && !counting && <p>{BUILDER.no_one}</p>}
        </>
      )}
    </aside>
  );
}
