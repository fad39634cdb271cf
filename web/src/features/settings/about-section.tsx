import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { exactTime } from "../../lib/words/time.ts";
import { Failure } from "../../ui/page-state.tsx";
import { type Installation, systemQuery } from "./queries.ts";
import { Facts, Section } from "./section.tsx";
import classes from "./settings.module.css";
import { ABOUT, SETTINGS } from "./texts.ts";

/** The version, and for owners how Wharf is installed and configured. */
export function AboutSection() {
  const query = useQuery(systemQuery);
  const installation = query.data?.installation;
  const guide = installation && (
    <Link to="/docs/$name" params={{ name: "configuration" }}>
      {ABOUT.guide}
    </Link>
  );
  return (
    <Section id="about" title={ABOUT.title} lead={ABOUT.lead} more={guide}>
      {query.isPending ? (
        <Skeleton h={180} radius="md" aria-label={SETTINGS.loading} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Facts rows={[[ABOUT.version, query.data.version], ...(installation ? rowsOf(installation) : [])]} />
      )}
      {installation && <Configuration settings={installation.settings} />}
    </Section>
  );
}

function rowsOf(installation: Installation): [string, string][] {
  const { media, own_database, postgresql, roles, processes } = installation;
  return [
    [ABOUT.since, exactTime(installation.started_at)],
    [ABOUT.node, installation.node],
    [ABOUT.postgresql, `${postgresql}, ${own_database ? ABOUT.own : ABOUT.external}`],
    [ABOUT.processes, `${processes}: ${roles.join(", ")}`],
    [ABOUT.retention, ABOUT.retention_days(installation.retention_days)],
    [ABOUT.media, media.kind === "folder" ? ABOUT.folder(media.place) : ABOUT.bucket(media.place)],
  ];
}

function Configuration({ settings }: { settings: Installation["settings"] }) {
  const [set, usual] = (["environment", "default"] as const).map((source) =>
    settings.filter((setting) => setting.source === source),
  ) as [Installation["settings"], Installation["settings"]];
  return (
    <>
      <h3>{ABOUT.configuration}</h3>
      {set.length > 0 && <Settings title={ABOUT.from_environment(set.length)} settings={set} open />}
      <Settings title={ABOUT.from_defaults(usual.length)} settings={usual} />
    </>
  );
}

function Settings({
  title,
  settings,
  open,
}: {
  title: string;
  settings: Installation["settings"];
  open?: boolean;
}) {
  return (
    <details className={classes["configuration"]} open={open}>
      <summary>{title}</summary>
      <dl>
        {settings.map(({ name, value, meaning }) => (
          <div key={name} title={meaning}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{value === null ? <i>{ABOUT.hidden}</i> : value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
