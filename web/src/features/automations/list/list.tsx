import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../../lib/page/title.ts";
import list from "../../../ui/list-table.module.css";
import { Card, Page } from "../../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../../ui/page-state.tsx";
import { type AutomationFilter, automationsQuery, type AutomationState } from "../model/model.ts";
import { LIST, STATES, TITLE } from "../texts.ts";
import { AutomationFilters } from "./automation-filters.tsx";
import { AutomationRow } from "./automation-row.tsx";
import classes from "./list.module.css";
import { NewDialog } from "./new-dialog.tsx";
import { Recipes } from "./recipes.tsx";

const route = getRouteApi("/shell/automations");

/** All automations of the workspace, with how people fare in them. */
export function AutomationsPage() {
  useTitle(TITLE);
  const { state, search } = route.useSearch();
  const [creating, setCreating] = useState<{ recipe: string | null } | null>(null);
  const filter: AutomationFilter = {
    state: (Object.keys(STATES) as AutomationState[]).find((each) => each === state),
    search,
  };
  return (
    <Page
      title={TITLE}
      lead={LIST.lead}
      action={
        <Button
          leftSection={<IconPlus size={17} aria-hidden />}
          onClick={() => setCreating({ recipe: null })}
        >
          {LIST.create}
        </Button>
      }
    >
      <AutomationFilters filter={filter} />
      <Automations filter={filter} start={(recipe) => setCreating({ recipe })} />
      {creating && <NewDialog recipe={creating.recipe} onClose={() => setCreating(null)} />}
    </Page>
  );
}

function Automations({ filter, start }: { filter: AutomationFilter; start: (recipe: string) => void }) {
  const query = useInfiniteQuery(automationsQuery(filter));
  const automations = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.isPending)
    return (
      <Card role="status" aria-busy aria-label={LIST.loading} className={classes["skeletons"]}>
        {Array.from({ length: 4 }, (_, index) => (
          <Skeleton key={index} h={48} radius={10} />
        ))}
      </Card>
    );
  if (query.isError && automations.length === 0)
    return (
      <Card>
        <Failure error={query.error} retry={() => void query.refetch()} />
      </Card>
    );
  if (automations.length === 0)
    return filter.state !== undefined || filter.search !== undefined ? (
      <Card>
        <Empty icon={<IconSearchOff size={26} stroke={1.6} />} title={LIST.none}>
          {LIST.none_text}
        </Empty>
      </Card>
    ) : (
      <Recipes start={start} />
    );
  return (
    <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
      <div className={`${list["heads"]} ${classes["row"]}`} aria-hidden>
        {LIST.columns.map((column) => (
          <span key={column}>{column}</span>
        ))}
      </div>
      <ul className={list["rows"]} aria-label={TITLE}>
        {automations.map((automation) => (
          <AutomationRow key={automation.id} automation={automation} />
        ))}
      </ul>
      <OlderRow query={query}>{LIST.older}</OlderRow>
    </Card>
  );
}
