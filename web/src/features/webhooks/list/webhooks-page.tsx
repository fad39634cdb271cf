import { Button, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconFilterOff, IconPlus, IconSearch, IconWebhook } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { nearPart } from "../../../lib/page/chunks.ts";
import { endpointsQuery } from "../../../lib/server/queries.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { useNow } from "../../../lib/page/use-now.ts";
import { useTitle } from "../../../lib/page/title.ts";
import { Card, Page } from "../../../ui/page.tsx";
import { Empty, Failure } from "../../../ui/page-state.tsx";
import { Chapters, healthOf } from "../parts/parts.ts";
import { EndpointRow } from "./endpoint-row.tsx";
import { ENDPOINT_LIMIT, endpointsStatsQuery, searchQuery } from "../model/model.ts";
import { LIST } from "../texts.ts";
import classes from "./list.module.css";

const { Part: AddWebhook, fetch: fetchAdd } = nearPart(() => import("../form/form.ts"), "AddWebhook");

/** As many can be looked over without a search. */
const FEW = 4;

/** Integration settings → Webhooks: where events are sent on to. */
export function WebhooksPage() {
  useTitle(LIST.title);
  const query = useQuery({ ...endpointsQuery, refetchInterval: 10_000 });
  /** `closed` once it was open: it stays there to close as it opened. */
  const [adding, setAdding] = useState<"open" | "closed" | null>(null);
  const [search, setSearch] = useState("");
  const endpoints = query.data?.data ?? [];
  const full = endpoints.length >= ENDPOINT_LIMIT;
  const add = (
    <Button
      leftSection={<IconPlus size={17} />}
      disabled={full || query.isPending}
      onPointerEnter={() => void fetchAdd()}
      onFocus={() => void fetchAdd()}
      onClick={() => setAdding("open")}
    >
      {LIST.add}
    </Button>
  );
  return (
    <Page
      title={LIST.title}
      lead={LIST.lead}
      action={
        (query.isPending || endpoints.length > 0) && (
          <div className={classes["add"]}>
            {full && <span>{LIST.full(ENDPOINT_LIMIT)}</span>}
            {!full && endpoints.length >= ENDPOINT_LIMIT - 5 && (
              <span>{LIST.nearly_full(endpoints.length, ENDPOINT_LIMIT)}</span>
            )}
            {add}
          </div>
        )
      }
    >
      {(endpoints.length > FEW || search !== "") && (
        <TextInput
          className={classes["search"]}
          aria-label={LIST.search}
          placeholder={LIST.search_hint}
          leftSection={<IconSearch size={16} aria-hidden />}
          type="search"
          maxLength={200}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Card>
        {query.isPending ? (
          <ListSkeleton />
        ) : query.isError && endpoints.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : endpoints.length === 0 ? (
          <Empty icon={<IconWebhook size={28} stroke={1.6} />} title={LIST.empty_title} action={add}>
            {LIST.empty}
          </Empty>
        ) : (
          <Rows endpoints={endpoints} search={search} onClear={() => setSearch("")} />
        )}
      </Card>
      {/* Below a list whose length is known, so that it does not move. */}
      {!query.isPending && <Chapters />}
      <Suspense>
        {adding && <AddWebhook opened={adding === "open"} onClose={() => setAdding("closed")} />}
      </Suspense>
    </Page>
  );
}

const TYPING_MS = 200;

/** What is in trouble first; else newest first, as the server lists them. */
function Rows({
  endpoints,
  search,
  onClear,
}: {
  endpoints: Endpoint[];
  search: string;
  onClear: () => void;
}) {
  const now = useNow();
  const stats = useQuery(endpointsStatsQuery);
  const [asked] = useDebouncedValue(search.trim(), TYPING_MS);
  const found = useQuery({ ...searchQuery(asked), enabled: asked !== "" }).data;
  const is_found = ({ id }: Endpoint) => asked === "" || found === undefined || found.includes(id);
  const shown = endpoints.filter(is_found).toSorted((a, b) => healthOf(a, now).rank - healthOf(b, now).rank);
  if (shown.length === 0)
    return (
      <Empty
        icon={<IconFilterOff size={26} stroke={1.6} />}
        title={LIST.none_found}
        action={
          <Button variant="default" onClick={onClear}>
            {LIST.clear_search}
          </Button>
        }
      >
        {LIST.none_found_text(asked)}
      </Empty>
    );
  return (
    <>
      <div className={classes["heads"]} aria-hidden>
        {LIST.heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      <ul className={classes["rows"]}>
        {shown.map((endpoint) => (
          <EndpointRow
            key={endpoint.id}
            endpoint={endpoint}
            hours={stats.data?.data.find(({ endpoint_id }) => endpoint_id === endpoint.id)?.hours}
          />
        ))}
      </ul>
    </>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-busy aria-label={LIST.loading}>
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className={classes["row"]}>
          <Skeleton h={15} w={220 + (index % 3) * 50} />
          <Skeleton h={20} w={150} radius={99} />
          <Skeleton h={24} w={120} />
          <Skeleton h={13} w={60} />
          <Skeleton h={20} w={38} radius={99} ml="auto" />
        </div>
      ))}
    </div>
  );
}
