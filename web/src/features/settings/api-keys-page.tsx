import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { ApiKeyRow } from "./api-key-row.tsx";
import { MakeKeyDialog } from "./make-key-dialog.tsx";
import { apiKeysQuery, type NewApiKey } from "./queries.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import classes from "./settings.module.css";
import { KEYS, SETTINGS } from "./texts.ts";

export function ApiKeysPage() {
  useTitle(KEYS.title, SETTINGS.title);
  const { data: me } = useSuspenseQuery(meQuery);
  if (me.permissions.people === "none") {
    return (
      <Page title={KEYS.title}>
        <Card>
          <Empty icon={<IconKey size={28} stroke={1.6} />} title={KEYS.title}>
            {KEYS.owners}
          </Empty>
        </Card>
      </Page>
    );
  }
  return <Keys may_make={manages(me, "people") && me.scope === "all"} />;
}

function Keys({ may_make }: { may_make: boolean }) {
  const query = useInfiniteQuery(apiKeysQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewApiKey | null>(null);
  const rows = (query.data?.pages ?? []).flatMap((page) => page.data);
  const make = may_make && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setMaking(true)}>
      {KEYS.make}
    </Button>
  );
  const lead = (
    <span className={classes["lead"]}>
      {KEYS.lead}{" "}
      <Link to="/docs/$name" params={{ name: "api" }}>
        {KEYS.docs}
      </Link>
    </span>
  );
  const above = (
    <Link to="/settings" className={classes["crumb"]}>
      {SETTINGS.title}
    </Link>
  );
  return (
    <Page above={above} title={KEYS.title} lead={lead} action={rows.length > 0 && make}>
      <Card>
        {query.isPending ? (
          <Skeleton h={180} radius={0} aria-label={KEYS.loading} />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={<IconKey size={28} stroke={1.6} />} title={KEYS.empty_title} action={make}>
            {KEYS.empty}
          </Empty>
        ) : (
          <div className={classes["scroll"]} data-edge>
            <table className={classes["table"]} data-keys>
              <thead>
                <tr>
                  {KEYS.heads.map((head) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                  <td />
                </tr>
              </thead>
              <tbody>
                {rows.map((key) => (
                  <ApiKeyRow key={key.id} api_key={key} may_change={may_make} onMade={setMade} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <OlderRow query={query}>{KEYS.older}</OlderRow>
      </Card>
      <MakeKeyDialog opened={making} onClose={() => setMaking(false)} onMade={setMade} />
      <NewKeyDialog made={made} onDone={() => setMade(null)} />
    </Page>
  );
}
