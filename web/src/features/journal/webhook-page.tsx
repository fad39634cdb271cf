import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconArrowLeft, IconChevronDown, IconChevronUp, IconNotebookOff } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { ApiProblem } from "../../lib/server/api.ts";
import { useWayBack } from "../../lib/page/kept-scroll.ts";
import { useTitle } from "../../lib/page/title.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { JournalDetail } from "../../lib/types.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { Body } from "./body.tsx";
import { filterIn, type JournalFilter, neighboursQuery, webhookQuery } from "./queries.ts";
import { Retry } from "./retry.tsx";
import { StateTag } from "./state-tag.tsx";
import * as texts from "./texts.ts";
import { WebhookDeliveries } from "./webhook-deliveries.tsx";
import { WebhookEvents } from "./webhook-events.tsx";
import { WebhookFacts } from "./webhook-facts.tsx";
import classes from "./webhook-page.module.css";

const route = getRouteApi("/shell/journal/$webhook_id");

/** One webhook: what it says, where it went, and its bytes. */
export function WebhookPage() {
  useTitle(texts.WEBHOOK, texts.TITLE);
  const { webhook_id } = route.useParams();
  const filter = filterIn(route.useSearch());
  const query = useQuery(webhookQuery(webhook_id));
  if (query.isError && !query.data) {
    const gone = query.error instanceof ApiProblem && [400, 404].includes(query.error.status);
    return gone ? <Gone /> : <Failure error={query.error} retry={() => void query.refetch()} />;
  }
  return (
    <Page
      above={<Way id={webhook_id} filter={filter} />}
      title={texts.WEBHOOK}
      lead={query.data && <Lead webhook={query.data} />}
      action={query.data && query.data.state !== "done" && <Retry webhook={query.data} />}
    >
      {query.data ? <Details webhook={query.data} /> : <Skeleton h={420} radius="lg" />}
    </Page>
  );
}

function Lead({ webhook: { state, received_at } }: { webhook: JournalDetail }) {
  return (
    <span className={classes["lead"]}>
      <StateTag state={state} />
      <time dateTime={received_at}>{exactTime(received_at)}</time>
    </span>
  );
}

function Details({ webhook }: { webhook: JournalDetail }) {
  const reason = useId();
  return (
    <div className={classes["details"]}>
      {webhook.error && (
        <section
          className={classes["reason"]}
          data-bad={webhook.state === "dead" || undefined}
          aria-labelledby={reason}
        >
          <h2 id={reason}>{texts.REASON[webhook.state]}</h2>
          <p>
            {webhook.error}
            {webhook.state === "pending" && webhook.next_attempt_at && (
              <> {texts.nextAttempt(exactTime(webhook.next_attempt_at))}</>
            )}
          </p>
        </section>
      )}
      <div className={classes["columns"]}>
        <div className={classes["main"]}>
          <Card>
            <WebhookEvents webhook={webhook} />
          </Card>
          <Card>
            <WebhookDeliveries id={webhook.id} />
          </Card>
        </div>
        <Card className={classes["facts"]}>
          <WebhookFacts webhook={webhook} />
        </Card>
      </div>
      <Card className={classes["padded"]}>
        <Body webhook={webhook} />
      </Card>
    </div>
  );
}

/** Back to the list, and on to the webhooks beside this one in it. */
function Way({ id, filter }: { id: string; filter: JournalFilter }) {
  const goBack = useWayBack("/journal");
  const { data } = useQuery(neighboursQuery(id, filter));
  return (
    <nav className={classes["way"]} aria-label={texts.BESIDE}>
      <Link to="/journal" search={filter} className={classes["back"]} onClick={goBack}>
        <IconArrowLeft size={17} aria-hidden /> {texts.BACK}
      </Link>
      <Beside id={data?.newer} filter={filter} icon={<IconChevronUp size={17} aria-hidden />}>
        {texts.NEWER}
      </Beside>
      <Beside id={data?.older} filter={filter} icon={<IconChevronDown size={17} aria-hidden />}>
        {texts.OLDER_ONE}
      </Beside>
    </nav>
  );
}

/** Taking the place of the one before in the history: Back leads to the list at once. */
function Beside({
  id,
  filter,
  icon,
  children,
}: {
  id: string | null | undefined;
  filter: JournalFilter;
  icon: ReactNode;
  children: string;
}) {
  const look = { size: "xs", h: 32, variant: "default", leftSection: icon } as const;
  if (!id)
    return (
      <Button {...look} disabled>
        {children}
      </Button>
    );
  return (
    <Button
      {...look}
      renderRoot={(props) => (
        <Link to="/journal/$webhook_id" params={{ webhook_id: id }} search={filter} replace {...props} />
      )}
    >
      {children}
    </Button>
  );
}

function Gone() {
  const { title, text, action } = texts.NOT_FOUND;
  return (
    <Empty
      icon={<IconNotebookOff size={28} stroke={1.6} />}
      title={title}
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/journal" {...props} />}>
          {action}
        </Button>
      }
    >
      {text}
    </Empty>
  );
}
