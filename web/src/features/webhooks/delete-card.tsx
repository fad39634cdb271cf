import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../lib/api.ts";
import { formatNumber } from "../../lib/intl.ts";
import { endpointsQuery } from "../../lib/queries.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint } from "../../lib/types.ts";
import { Card } from "../../ui/page.tsx";
import { sayProblem } from "./changes.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { statsQuery } from "./log-queries.ts";
import classes from "./webhooks.module.css";

export function DeleteCard({ endpoint }: { endpoint: Endpoint }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const { waiting } = useQuery(statsQuery(endpoint.id, "24h")).data ?? {};
  const owed = waiting ? waiting.pending + waiting.held : 0;
  const remove = useMutation({
    mutationFn: () => call("DELETE /api/v1/endpoints/:id", { params: { id: endpoint.id } }),
    // One leaves first: nothing may ask for what is going.
    onMutate: async () => {
      await navigate({ to: "/settings/webhooks" });
      client.removeQueries({ queryKey: ["endpoint", endpoint.id] });
    },
    onSuccess: () => toast("good", "Deleted", "Nothing is sent to it any more."),
    onError: sayProblem("Not deleted"),
    onSettled: () => client.invalidateQueries({ queryKey: endpointsQuery.queryKey }),
  });
  return (
    <Card className={classes["block"]} aria-label="Delete">
      <header>
        <div>
          <h2>Delete this webhook</h2>
          <p>Its settings, its secret and the log of its deliveries go with it.</p>
        </div>
        <Button size="xs" variant="outline" color="red" onClick={() => setAsking(true)}>
          Delete
        </Button>
      </header>
      <Confirm
        opened={asking}
        title="Delete this webhook?"
        yes="Delete webhook"
        danger
        loading={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className={classes["whole"]}>{endpoint.url}</p>
        <p>
          {owed > 0 &&
            `${owed === 1 ? "1 delivery that waits" : `${formatNumber(owed)} deliveries that wait`} for it will not be sent. `}
          Its settings, its secret and the log of its deliveries are removed. This can&rsquo;t be undone.
        </p>
        <p>To stop sending for a while, switch it off instead.</p>
      </Confirm>
    </Card>
  );
}
