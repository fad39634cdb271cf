import { NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconDownload, IconListDetails } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { exactTime } from "../../lib/words/time.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import classes from "./people.module.css";
import { type AuditEntry, type AuditFilter, auditQuery, membersQuery } from "./queries.ts";
import { actionWords, AUDIT, COMMON, SETTINGS } from "./texts.ts";

/** The first moment of a day as the browser's clock has it; undefined for none. */
const momentOf = (day: string) => (day === "" ? undefined : new Date(`${day}T00:00`).toISOString());

/** Who changed, exported or saw what: filtered by the server, and all of it as a file. */
export function AuditPage() {
  useTitle(AUDIT.title, SETTINGS);
  const [days, setDays] = useState({ since: "", until: "" });
  const [actor_id, setActor] = useState("");
  const filter: AuditFilter = {
    actor_id: actor_id || undefined,
    since: momentOf(days.since),
    until: momentOf(days.until),
  };
  const members = useQuery(membersQuery).data?.data ?? [];
  const query = useInfiniteQuery(auditQuery(filter));
  const rows = (query.data?.pages ?? []).flatMap((page) => page.data);
  const search = new URLSearchParams(
    Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const is_filtered = search.size > 0;
  const above = (
    <Link to="/settings" className={classes["crumb"]}>
      {SETTINGS}
    </Link>
  );
  const file = (
    <a className={classes["file"]} href={`/api/v1/audit_log.csv?${search}`} download>
      <IconDownload size={16} aria-hidden /> {AUDIT.csv}
    </a>
  );
  return (
    <Page above={above} title={AUDIT.title} lead={AUDIT.lead} action={file}>
      <div className={classes["filters"]}>
        <NativeSelect
          label={AUDIT.who}
          data={[
            { value: "", label: AUDIT.everyone },
            ...members.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={actor_id}
          onChange={(event) => setActor(event.currentTarget.value)}
        />
        {(["since", "until"] as const).map((side) => (
          <TextInput
            key={side}
            type="date"
            label={AUDIT[side]}
            value={days[side]}
            onChange={({ currentTarget: { value } }) => setDays({ ...days, [side]: value })}
          />
        ))}
      </div>
      <Card>
        {query.isPending ? (
          <Skeleton h={220} radius={0} aria-label={COMMON.loading} />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={<IconListDetails size={28} stroke={1.6} />} title={AUDIT.empty_title}>
            {is_filtered ? AUDIT.none : AUDIT.empty}
          </Empty>
        ) : (
          <Entries rows={rows} />
        )}
        <OlderRow query={query}>{AUDIT.older}</OlderRow>
      </Card>
    </Page>
  );
}

function Entries({ rows }: { rows: readonly AuditEntry[] }) {
  return (
    <table className={classes["table"]}>
      <thead>
        <tr>
          {AUDIT.heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((entry) => (
          <tr key={entry.id}>
            <td>
              <time dateTime={entry.occurred_at}>{exactTime(entry.occurred_at)}</time>
            </td>
            <td data-head={AUDIT.heads[1]}>
              <bdi>{entry.actor_name}</bdi>
              {AUDIT.keys[entry.actor_kind] && <small>{AUDIT.keys[entry.actor_kind]}</small>}
            </td>
            <td data-head={AUDIT.heads[2]}>
              {actionWords(entry.action)}
              {entry.subject_id !== null && <code>{entry.subject_id}</code>}
            </td>
            <td data-head={AUDIT.heads[3]}>{entry.address}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
