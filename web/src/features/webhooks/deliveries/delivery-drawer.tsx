import { Button, Drawer, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconBan, IconSend } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { call, wordsOf } from "../../../lib/api.ts";
import { duration, exactTime } from "../../../lib/time.ts";
import { toast } from "../../../lib/toast.ts";
import type { DeliveryDetail, Endpoint } from "../../../lib/types.ts";
import { useNow } from "../../../lib/use-now.ts";
import { Failure } from "../../../ui/page-state.tsx";
import { AttemptLog } from "./attempt-log.tsx";
import { Countdown } from "../../../ui/countdown.tsx";
import { DeliveryTags } from "./delivery-tags.tsx";
import classes from "./delivery-drawer.module.css";
import { eventLabel } from "../events.ts";
import { explain, nextTry } from "./explain.ts";
import { deliveryQuery } from "./log-queries.ts";
import { Payload } from "./payload.tsx";

/** One delivery: where it stands and why, each try, and the bytes. */
export function DeliveryDrawer({
  endpoint,
  id,
  onClose,
}: {
  endpoint: Endpoint;
  id: string | undefined;
  onClose: () => void;
}) {
  const query = useQuery({ ...deliveryQuery(endpoint.id, id ?? ""), enabled: id !== undefined });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={680}
      title="Delivery"
      closeButtonProps={{ "aria-label": "Close" }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      {query.data && query.data.id === id ? (
        <Details delivery={query.data} endpoint={endpoint} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Skeleton h={320} radius="md" />
      )}
    </Drawer>
  );
}

function Details({ delivery, endpoint }: { delivery: DeliveryDetail; endpoint: Endpoint }) {
  const { tone, what, advice } = explain(delivery, endpoint, useNow());
  const waiting = nextTry(delivery, endpoint);
  return (
    <div className={classes["details"]}>
      <div className={classes["summary"]}>
        <DeliveryTags delivery={delivery} />
        <Actions delivery={delivery} />
      </div>
      <div className={classes["why"]} data-tone={tone}>
        <p>{what}</p>
        {waiting !== null && (
          <p className={classes["next"]}>
            Next try <Countdown to={waiting} />
          </p>
        )}
        {advice && <p className={classes["advice"]}>{advice}</p>}
      </div>
      <dl className={classes["facts"]}>
        <Fact name="Events">
          <span className={classes["events"]}>
            {delivery.events.map((event) => (
              <span key={event}>{eventLabel(event)}</span>
            ))}
          </span>
        </Fact>
        {delivery.wamids.length > 0 && (
          <Fact name={delivery.wamids.length === 1 ? "Message" : `${delivery.wamids.length} messages`}>
            <span className={classes["wamids"]}>
              {delivery.wamids.map((wamid) => (
                <Link
                  key={wamid}
                  from="/settings/webhooks/$endpoint_id"
                  search={{ tab: "deliveries", wamid }}
                  title="Everything that was sent about this message"
                >
                  {wamid}
                </Link>
              ))}
            </span>
          </Fact>
        )}
        <Fact name={delivery.kind === "test" ? "Sent" : "Arrived"}>{exactTime(delivery.created_at)}</Fact>
        {delivery.settled_at && (
          <Fact name={delivery.state === "delivered" ? "Received" : "Settled"}>
            {exactTime(delivery.settled_at)}
            {delivery.kind !== "test" && (
              <small>
                {" "}
                · {duration(Date.parse(delivery.settled_at) - Date.parse(delivery.created_at))} later
              </small>
            )}
          </Fact>
        )}
        {delivery.journal_id && (
          <Fact name="Webhook">
            <Link to="/journal" search={{ webhook: delivery.journal_id }}>
              See it in the Journal
            </Link>
          </Fact>
        )}
        <Fact name="webhook-id">
          <code className={classes["id"]}>{delivery.id}</code>
        </Fact>
      </dl>
      <AttemptLog delivery={delivery} />
      <Payload delivery={delivery} />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Actions({ delivery }: { delivery: DeliveryDetail }) {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["endpoint", delivery.endpoint_id] });
  const resend = useMutation({
    mutationFn: () => call("POST /api/v1/deliveries/:id/resend", { params: { id: delivery.id } }),
    onSuccess: async () => {
      toast("good", "On its way again", "The same delivery, with a whole schedule of retries.");
      await done();
    },
    onError: (error) => toast("bad", "Not sent again", wordsOf(error)),
  });
  const cancel = useMutation({
    mutationFn: () => call("POST /api/v1/deliveries/:id/cancel", { params: { id: delivery.id } }),
    onSuccess: async () => {
      toast("good", "Cancelled", "It is not tried again unless you resend it.");
      await done();
    },
    onError: (error) => toast("bad", "Not cancelled", wordsOf(error)),
  });
  // A test is sent from Settings, by whom its result is for.
  if (delivery.kind === "test") return null;
  const owed = delivery.state === "pending" || delivery.state === "held";
  return (
    <div className={classes["actions"]}>
      {owed && (
        <Button
          size="xs"
          h={32}
          variant="default"
          leftSection={<IconBan size={16} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel
        </Button>
      )}
      <Button
        size="xs"
        h={32}
        variant={delivery.state === "failed" ? "filled" : "default"}
        leftSection={<IconSend size={16} />}
        loading={resend.isPending}
        onClick={() => resend.mutate()}
      >
        {delivery.state === "pending" ? "Send now" : "Resend"}
      </Button>
    </div>
  );
}
