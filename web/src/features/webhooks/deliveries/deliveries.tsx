import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Endpoint } from "../../../lib/types.ts";
import { CancelChosenDialog, RecoveryList, RecoveryMenu, ResendDialog } from "../recovery/recovery.ts";
import classes from "./deliveries.module.css";
import { DeliveryDrawer } from "./delivery-drawer.tsx";
import { DeliveryFilters } from "./delivery-filters.tsx";
import { List } from "./delivery-list.tsx";
import { useLog } from "./log-rows.ts";
import { useSelection } from "./selection.ts";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");

/** What was sent to an endpoint, and what can be done about what was not delivered. */
export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const { state, kind, event, search, answer, recovery, since, until, by, delivery } = route.useSearch();
  const filter = useMemo(
    () => ({ state, kind, event, search, answer, recovery, since, until, by }),
    [state, kind, event, search, answer, recovery, since, until, by],
  );
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const open = (id: string | undefined, replace = false) =>
    void navigate({ search: (now) => ({ ...now, delivery: id }), replace });
  const log = useLog(endpoint, filter);
  const selection = useSelection(JSON.stringify([endpoint.id, filter]), log.rows);
  const [asked, ask] = useState<{ to: "resend" | "cancel"; of: "selection" | "filter" } | null>(null);
  const choice = asked?.of === "filter" || selection.all ? { filter } : { ids: [...selection.ids] };
  const done = () => ask(null);
  return (
    <div className={classes["log"]}>
      <div className={classes["tools"]}>
        <DeliveryFilters filter={filter} counts={log.counts} />
        <RecoveryMenu endpoint={endpoint} filter={filter} onMatching={(to) => ask({ to, of: "filter" })} />
      </div>
      <List
        endpoint={endpoint}
        filter={filter}
        log={log}
        open={delivery}
        selection={selection}
        onSelected={(to) => ask({ to, of: "selection" })}
      />
      <RecoveryList endpoint={endpoint} />
      <DeliveryDrawer
        endpoint={endpoint}
        id={delivery}
        log={log}
        onOpen={(id) => open(id, true)}
        onClose={() => open(undefined)}
      />
      {asked?.to === "resend" && (
        <ResendDialog endpoint={endpoint} choice={choice} onClose={done} onStarted={selection.clear} />
      )}
      {asked?.to === "cancel" && (
        <CancelChosenDialog
          endpoint={endpoint}
          choice={choice}
          onClose={done}
          onCancelled={selection.clear}
        />
      )}
    </div>
  );
}
