import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import { endpointsQuery } from "../../../lib/server/queries.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { Card } from "../../../ui/page.tsx";
import { sayProblem, statsQuery } from "../model/model.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { DELETE } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./settings.module.css";

export function DeleteCard({ endpoint }: { endpoint: Endpoint }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const { waiting } = useQuery(statsQuery(endpoint.id, "24h")).data ?? {};
  const count = waiting ? waiting.pending + waiting.held : 0;
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/endpoints/:id", { params: { id: endpoint.id } }),
    // One leaves first: nothing may ask for what is going.
    onMutate: async () => {
      await navigate({ to: "/settings/webhooks" });
      client.removeQueries({ queryKey: ["endpoint", endpoint.id] });
    },
    onSuccess: () => toast("good", DELETE.deleted, DELETE.deleted_text),
    onError: sayProblem(DELETE.not_deleted),
    onSettled: () => client.invalidateQueries({ queryKey: endpointsQuery.queryKey }),
  });
  return (
    <Card className={shared["block"]} aria-label={DELETE.delete}>
      <header>
        <div>
          <h2>{DELETE.title}</h2>
          <p>{DELETE.lead}</p>
        </div>
        <Button size="xs" variant="outline" color="red" onClick={() => setAsking(true)}>
          {DELETE.delete}
        </Button>
      </header>
      <Confirm
        opened={asking}
        title={DELETE.ask}
        yes={DELETE.yes}
        danger
        loading={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className={classes["whole"]}>{endpoint.url}</p>
        <p>
          {DELETE.waiting(count)}
          {DELETE.text}
        </p>
        <p>{DELETE.instead}</p>
      </Confirm>
    </Card>
  );
}
