import { Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "../../lib/server/queries.ts";
import { manages } from "../../lib/server/setup.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import common from "../../ui/form-blocks.module.css";
import { AddPrices } from "./add-prices.tsx";
import { PriceTable } from "./price-table.tsx";
import classes from "./prices.module.css";
import { rateCardQuery } from "./queries.ts";
import { PRICES } from "./texts.ts";

/** What Meta charges the workspace for a message, as its owner enters it. */
export function PricesPage() {
  useTitle(PRICES.title, PRICES.settings);
  const { data: me } = useSuspenseQuery(meQuery);
  const query = useQuery(rateCardQuery);
  const owner = manages(me);
  return (
    <Page
      above={
        <Link to="/settings" className={classes["crumb"]}>
          {PRICES.settings}
        </Link>
      }
      title={PRICES.title}
      lead={owner ? PRICES.lead : `${PRICES.lead} ${PRICES.owners}`}
    >
      {query.isError ? (
        <Card>
          <Failure error={query.error} retry={() => void query.refetch()} />
        </Card>
      ) : query.data ? (
        <div className={classes["prices"]}>
          <PriceTable card={query.data} owner={owner} />
          <div className={classes["side"]}>
            {owner && <AddPrices card={query.data} />}
            <Card className={common["block"]}>
              <h2>{PRICES.notes}</h2>
              <ul className={classes["notes"]}>
                {PRICES.notes_list.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            </Card>
          </div>
        </div>
      ) : (
        <Skeleton h={360} radius={16} role="status" aria-label={PRICES.loading} />
      )}
    </Page>
  );
}
