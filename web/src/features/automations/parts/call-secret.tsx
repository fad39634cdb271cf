import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { exactTime } from "../../../lib/words/time.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { callSecretQuery } from "../model/model.ts";
import { ACTION } from "../setting-texts.ts";
import classes from "./parts.module.css";

/** What calls are signed with: one secret of the workspace, shown once. */
export function CallSecret() {
  const client = useQueryClient();
  const { data } = useQuery(callSecretQuery);
  const [asking, setAsking] = useState(false);
  const make = useAction({
    mutationFn: () => call("POST /api/v1/automation_call_secret", { body: {} }),
    onSuccess: () => void client.invalidateQueries({ queryKey: callSecretQuery.queryKey }),
    onError: (error) => toast("bad", ACTION.secret_failed, wordsOf(error)),
    onSettled: () => setAsking(false),
  });
  const known = data?.secret ?? null;
  return (
    <div className={classes["section"]}>
      <h3>{ACTION.secret}</h3>
      {make.data ? (
        <>
          <p className={classes["hint"]} role="status">
            {ACTION.secret_shown}
          </p>
          <code className={classes["secret"]}>{make.data.secret}</code>
          <div className={classes["adds"]}>
            <CopyButton text={make.data.secret} what={ACTION.secret} size="xs" />
          </div>
        </>
      ) : (
        data && (
          <>
            <p className={classes["hint"]}>
              {known === null
                ? ACTION.secret_none
                : ACTION.secret_known(known.fingerprint, exactTime(known.created_at))}
            </p>
            <div className={classes["adds"]}>
              <Button
                size="xs"
                variant="default"
                loading={make.isPending}
                onClick={() => (known === null ? make.mutate() : setAsking(true))}
              >
                {known === null ? ACTION.secret_make : ACTION.secret_again}
              </Button>
            </div>
          </>
        )
      )}
      <Confirm
        opened={asking}
        title={ACTION.secret_ask}
        yes={ACTION.secret_again}
        loading={make.isPending}
        onYes={() => make.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{ACTION.secret_ask_text}</p>
      </Confirm>
    </div>
  );
}
