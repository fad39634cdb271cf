import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../../lib/api.ts";
import { duration } from "../../../lib/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import classes from "./recovery.module.css";
import { DRAWER, problemWords, RECOVER } from "./texts.ts";

/** What waits while the endpoint is paused is no failure yet: it goes out when one attempt succeeds, and one may be made now. */
export function TryNow({
  endpoint,
  waiting,
  onTried,
}: {
  endpoint: Endpoint;
  waiting: number;
  onTried: () => void;
}) {
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: async () => {
      const { data } = await call("GET /api/v1/endpoints/:id/deliveries", {
        params: { id: endpoint.id },
        query: { state: "pending", limit: 1 },
      });
      const [first] = data;
      return first ? call("POST /api/v1/deliveries/:id/send-now", { params: { id: first.id } }) : null;
    },
    // Before its outcome is told to the page by other ways.
    onMutate: onTried,
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] }),
  });
  const last = attempt.data?.attempt_log.at(-1);
  return (
    <div className={classes["waiting"]}>
      {endpoint.state === "failing" && waiting > 0 && (
        <>
          <p>{RECOVER.waiting(waiting)}</p>
          <Button size="xs" variant="default" loading={attempt.isPending} onClick={() => attempt.mutate()}>
            {RECOVER.try_now}
          </Button>
        </>
      )}
      <p role="status">
        {attempt.isError
          ? problemWords(attempt.error)
          : last &&
            (last.error === null
              ? RECOVER.tried_well
              : DRAWER.sent_badly(last.status, duration(last.duration_ms)))}
      </p>
    </div>
  );
}
