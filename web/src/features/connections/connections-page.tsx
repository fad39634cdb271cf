import { Button, Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import classes from "./connections.module.css";
import { HealthPanel } from "./health-panel.tsx";
import { NumbersPanel } from "./numbers-panel.tsx";
import { connectionsQuery } from "./queries.ts";
import { PAGE } from "./texts.ts";
import { UnroutedPanel } from "./unrouted-panel.tsx";

/** Meta apps, their accounts and numbers, and what no workspace took. */
export function ConnectionsPage() {
  useTitle(PAGE.title, PAGE.settings);
  const { data: me } = useSuspenseQuery(meQuery);
  const owner = manages(me, "connections");
  const add = (
    <Button component={Link} to="/settings/connections/connect" leftSection={<IconPlus size={17} />}>
      {PAGE.add}
    </Button>
  );
  const above = (
    <Link to="/settings" className={classes["crumb"]}>
      {PAGE.settings}
    </Link>
  );
  return (
    <Page above={above} title={PAGE.title} lead={PAGE.lead} action={owner && add}>
      {owner ? (
        <Connections sandbox={me.mode === "sandbox"} />
      ) : (
        <Card>
          <Empty icon={<IconPlugConnected size={28} stroke={1.6} />} title={PAGE.title}>
            {PAGE.owners}
          </Empty>
        </Card>
      )}
    </Page>
  );
}

function Connections({ sandbox }: { sandbox: boolean }) {
  const query = useQuery(connectionsQuery);
  if (query.isPending) return <Skeleton h={320} radius="lg" maw={960} aria-label={PAGE.loading} />;
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <div className={classes["column"]}>
      <UnroutedPanel />
      {query.data.data.length === 0 ? (
        <Card>
          <Empty icon={<IconPlugConnected size={28} stroke={1.6} />} title={PAGE.empty_title}>
            {PAGE.empty}
          </Empty>
        </Card>
      ) : (
        query.data.data.map((connection) => (
          <ConnectionCard key={connection.id} connection={connection} sandbox={sandbox} />
        ))
      )}
      <NumbersPanel />
      <HealthPanel connections={query.data.data} />
    </div>
  );
}
