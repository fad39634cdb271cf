import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import classes from "./connections.module.css";
import { CopyLine, VerifyToken } from "./copy-line.tsx";
import { callbackUrlOf, type Connection, connectionsQuery, explain } from "./queries.ts";
import { Step } from "./step.tsx";
import { CARD, GUIDE } from "./texts.ts";

/** Where Meta sends: registered by a button, or by hand. */
export function ConnectCallback({ connection }: { connection: Connection }) {
  const client = useQueryClient();
  const url = callbackUrlOf(connection);
  const register = useAction({
    mutationFn: () =>
      call("POST /api/v1/connections/:id/subscribe", {
        params: { id: connection.id },
        body: { callback_url: url },
      }),
    onSuccess: () => toast("good", GUIDE.registered, GUIDE.registered_text),
    onSettled: () => client.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
  });
  const found = connection.findings?.find(({ check }) => check === "callback");
  const done = found?.state === "ok" && connection.verified_at !== null;
  return (
    <Step title={GUIDE.callback} done={done}>
      <dl className={classes["facts"]}>
        <div>
          <dt>{CARD.callback}</dt>
          <dd>
            <CopyLine text={url} what={CARD.callback} />
          </dd>
        </div>
        <div>
          <dt>{CARD.verify_token}</dt>
          <dd>
            <VerifyToken id={connection.id} at_once />
          </dd>
        </div>
      </dl>
      {!done && (
        <>
          <p>{GUIDE.callback_text}</p>
          {register.error && (
            <p className={classes["wrong"]} role="alert">
              {explain(register.error)}
            </p>
          )}
          <Button loading={register.isPending} onClick={() => register.mutate()}>
            {GUIDE.register}
          </Button>
          {location.protocol !== "https:" && <p className={classes["quiet"]}>{GUIDE.not_https}</p>}
          <p className={classes["quiet"]}>{GUIDE.callback_hand}</p>
        </>
      )}
    </Step>
  );
}
