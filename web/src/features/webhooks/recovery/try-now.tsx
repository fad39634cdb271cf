import { Button } from "@mantine/core";
import { duration } from "../../../lib/words/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { useProbe } from "../parts/parts.ts";
import classes from "./recovery.module.css";
import { DRAWER, problemWords, RECOVER } from "../delivery-texts.ts";

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
  const attempt = useProbe(endpoint);
  const try_now = () => {
    // Before its outcome is told to the page by other ways.
    onTried();
    attempt.mutate();
  };
  const result = attempt.data;
  return (
    <div className={classes["waiting"]}>
      {endpoint.state === "failing" && waiting > 0 && (
        <>
          <p>{RECOVER.waiting(waiting)}</p>
          <Button size="xs" variant="default" loading={attempt.isPending} onClick={try_now}>
            {RECOVER.try_now}
          </Button>
        </>
      )}
      <p role="status">
        {attempt.isError
          ? problemWords(attempt.error)
          : result &&
            (result.ok ? RECOVER.tried_well : DRAWER.sent_badly(result.status, duration(result.duration_ms)))}
      </p>
    </div>
  );
}
