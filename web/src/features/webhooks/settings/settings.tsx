import type { Endpoint } from "../../../lib/types.ts";
import { Chapters } from "../parts/parts.ts";
import { ConfigurationCard } from "./configuration-card.tsx";
import { DeleteCard } from "./delete-card.tsx";
import { EventsCard } from "./events-card.tsx";
import { ReceiverHints } from "./receiver-hints.tsx";
import { TestCard, useTest } from "../testing/testing.ts";
import { HINTS } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./settings.module.css";

/** Everything that can be set on an endpoint, and the way to see that it works. */
export function Settings({ endpoint }: { endpoint: Endpoint }) {
  const test = useTest(endpoint);
  return (
    <div className={classes["settings"]}>
      <div className={classes["cards"]}>
        <ConfigurationCard endpoint={endpoint} onTest={() => test.mutate({ secret: "prepared" })} />
        <TestCard endpoint={endpoint} test={test} />
        <EventsCard endpoint={endpoint} />
        <DeleteCard endpoint={endpoint} />
      </div>
      <aside className={shared["aside"]} aria-label={HINTS.aside}>
        <ReceiverHints endpoint={endpoint} />
        <Chapters />
      </aside>
    </div>
  );
}
