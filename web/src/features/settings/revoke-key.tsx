import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { type ApiKey, apiKeysQuery, explain } from "./queries.ts";
import { KEYS, REVOKE } from "./texts.ts";

/** Ends a key, once that is confirmed. */
export function RevokeKey({ api_key, name }: { api_key: ApiKey; name: string }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useAction({
    mutationFn: () => call("DELETE /api/v1/api_keys/:id", { params: { id: api_key.id } }),
    onSuccess: () => toast("good", REVOKE.done, REVOKE.done_text(name)),
    onError: (error) => toast("bad", REVOKE.failed, explain(error)),
    onSettled: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label={KEYS.revoke_named(name)}
        onClick={() => setAsking(true)}
      >
        {KEYS.revoke}
      </Button>
      <Confirm
        opened={asking}
        title={REVOKE.title(name)}
        yes={REVOKE.yes}
        danger
        loading={revoke.isPending}
        onYes={() => revoke.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{REVOKE.text}</p>
        {api_key.from_environment && <p>{REVOKE.environment}</p>}
      </Confirm>
    </>
  );
}
