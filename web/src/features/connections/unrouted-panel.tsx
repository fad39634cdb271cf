import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { withPlus } from "../../conversation/model/people.ts";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Card } from "../../ui/page.tsx";
import classes from "./connections.module.css";
import { explain, type Unrouted, unroutedQuery } from "./queries.ts";
import { UNROUTED } from "./texts.ts";

/** What came for no workspace, kept until a person says whose it is. Nothing where there is none. */
export function UnroutedPanel() {
  const { data } = useQuery(unroutedQuery);
  if (!data || data.data.length === 0) return null;
  return (
    <Card className={classes["card"] ?? ""} aria-label={UNROUTED.title}>
      <header className={classes["head"]}>
        <h2>{UNROUTED.title}</h2>
      </header>
      <p className={classes["quiet"]}>{UNROUTED.lead}</p>
      <ul className={classes["rows"]}>
        {data.data.map((group) => (
          <Row key={`${group.connection_id} ${group.waba_id} ${group.phone_number_id}`} group={group} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ group }: { group: Unrouted }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { connection_id, waba_id, phone_number_id, display_phone_number: number } = group;
  const shown = number === null ? phone_number_id : withPlus(number);
  const refresh = () =>
    Promise.all(
      [["unrouted"], ["connections"], ["phone-numbers"]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const adopt = useAction({
    mutationFn: () =>
      call("POST /api/v1/unrouted/adopt", { body: { connection_id, waba_id: waba_id ?? "" } }),
    onSuccess: ({ webhooks }) => toast("good", UNROUTED.adopted, UNROUTED.adopted_text(webhooks)),
    onError: (error) => toast("bad", UNROUTED.failed, explain(error)),
    onSettled: refresh,
  });
  const discard = useAction({
    mutationFn: () =>
      call("POST /api/v1/unrouted/discard", { body: { connection_id, waba_id: waba_id ?? "" } }),
    onSuccess: () => toast("good", UNROUTED.discarded, UNROUTED.discarded_text),
    onError: (error) => toast("bad", UNROUTED.failed, explain(error)),
    onSettled: async () => {
      setAsking(false);
      await refresh();
    },
  });
  const named = waba_id ?? "";
  return (
    <li>
      <span>
        <b>{UNROUTED.account(waba_id)}</b>
        <small>
          {shown !== null && `${UNROUTED.number(shown)} · `}
          {UNROUTED.webhooks(group.webhooks)} · {UNROUTED.last} <Ago time={group.last_at} />
        </small>
      </span>
      <span className={classes["actions"]}>
        {waba_id !== null && /^\d+$/.test(waba_id) && (
          <Button
            size="xs"
            aria-label={UNROUTED.adopt_named(waba_id)}
            loading={adopt.isPending}
            onClick={() => adopt.mutate()}
          >
            {UNROUTED.adopt}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          aria-label={UNROUTED.discard_named(named)}
          onClick={() => setAsking(true)}
        >
          {UNROUTED.discard}
        </Button>
      </span>
      <Confirm
        opened={asking}
        title={UNROUTED.discard_title}
        yes={UNROUTED.discard_yes}
        danger
        loading={discard.isPending}
        onYes={() => discard.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{UNROUTED.discard_text(group.webhooks)}</p>
      </Confirm>
    </li>
  );
}
