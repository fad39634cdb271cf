import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { withPlus } from "../../conversation/model/people.ts";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import type { Me, PhoneNumber } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { type Connection, connectionsQuery, systemQuery } from "./queries.ts";
import { Facts, Section } from "./section.tsx";
import classes from "./settings.module.css";
import { CONNECTION, limitWords, QUALITY, SETTINGS } from "./texts.ts";

/** How Wharf is connected to Meta, as it is. */
export function ConnectionSection({ mode }: { mode: Me["mode"] }) {
  const query = useQuery(connectionsQuery);
  const numbers = useQuery(phoneNumbersQuery);
  const guide = (
    <>
      <p>
        <Link to="/settings/connections">{CONNECTION.manage}</Link>
      </p>
      <Link to="/docs/$name" params={{ name: "meta" }}>
        {CONNECTION.guide}
      </Link>
    </>
  );
  return (
    <Section id="connection" title={CONNECTION.title} lead={CONNECTION.lead} more={guide}>
      {query.isPending ? (
        <Skeleton h={240} radius="md" aria-label={SETTINGS.loading} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        query.data.data.map((connection) => (
          <ConnectionFacts key={connection.id} connection={connection} mode={mode} />
        ))
      )}
      <h3>{CONNECTION.numbers}</h3>
      {numbers.data?.data.length === 0 ? (
        <p className={classes["quiet"]}>{CONNECTION.no_numbers}</p>
      ) : (
        <Numbers rows={numbers.data?.data ?? []} />
      )}
    </Section>
  );
}

function ConnectionFacts({ connection, mode }: { connection: Connection; mode: Me["mode"] }) {
  const system = useQuery(systemQuery);
  const live = mode === "live";
  const path = connection.from_environment ? "" : `/${connection.id}`;
  const callback = `${location.origin}/webhooks/meta${path}`;
  const last =
    connection.last_webhook_at === null ? SETTINGS.never : <Moment at={connection.last_webhook_at} />;
  const is_set = (set: boolean) => (
    <Tag tone={set ? "good" : "quiet"}>{set ? SETTINGS.set : SETTINGS.not_set}</Tag>
  );
  const verified =
    connection.verified_at === null ? CONNECTION.not_verified : <Moment at={connection.verified_at} />;
  // In the sandbox they are the simulator's own.
  const credentials: [string, React.ReactNode][] = [
    [CONNECTION.verified, verified],
    [
      CONNECTION.app_id,
      <span key="app">
        {CONNECTION.app_id_unknown} <code>{CONNECTION.doctor}</code>
      </span>,
    ],
    [CONNECTION.secret, is_set(connection.has_app_secret)],
    [CONNECTION.verify_token, is_set(connection.has_verify_token)],
    [CONNECTION.access_token, is_set(connection.has_access_token)],
  ];
  return (
    <Facts
      rows={[
        [CONNECTION.mode, live ? CONNECTION.live : CONNECTION.sandbox],
        [
          CONNECTION.callback,
          <span key="callback" className={classes["copied"]}>
            <code>{callback}</code>
            <CopyButton text={callback} what={CONNECTION.callback_copy} />
          </span>,
        ],
        [CONNECTION.last_webhook, last],
        ...(live ? credentials : []),
        [CONNECTION.graph, `${system.data?.installation?.graph_version ?? ""} ${connection.graph_url}`],
      ]}
    />
  );
}

function Numbers({ rows }: { rows: PhoneNumber[] }) {
  return (
    <div className={classes["scroll"]}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            {CONNECTION.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((number) => {
            const quality = QUALITY[number.quality ?? ""];
            const { paused } = number.sending;
            return (
              <tr key={number.id}>
                <td>
                  <b>{withPlus(number.display_phone_number ?? number.phone_number_id)}</b>
                  {number.verified_name && <small dir="auto">{number.verified_name}</small>}
                  {paused && (
                    <Tag tone="warn" title={paused.reason}>
                      {paused.scope === "all" ? CONNECTION.paused : CONNECTION.paused_templates}
                    </Tag>
                  )}
                </td>
                <td>{quality ? <Tag tone={quality.tone}>{quality.label}</Tag> : CONNECTION.unknown}</td>
                <td>{limitWords(number.messaging_limit)}</td>
                <td>{number.last_webhook_at ? <Moment at={number.last_webhook_at} /> : SETTINGS.never}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Moment({ at }: { at: string }) {
  return <Ago time={at} />;
}
