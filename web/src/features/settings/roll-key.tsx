import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { type ApiKey, apiKeysQuery, explain, type NewApiKey } from "./queries.ts";
import { KEYS, ROLL } from "./texts.ts";

/** Makes a new key in the place of this one, once that is confirmed. */
export function RollKey({
  api_key,
  name,
  onMade,
}: {
  api_key: ApiKey;
  name: string;
  onMade: (made: NewApiKey) => void;
}) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const roll = useAction({
    mutationFn: () => call("POST /api/v1/api_keys/:id/roll", { params: { id: api_key.id }, body: {} }),
    onSuccess: onMade,
    onError: (error) => toast("bad", ROLL.failed, explain(error)),
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
        mr={8}
        aria-label={KEYS.roll_named(name)}
        onClick={() => setAsking(true)}
      >
        {KEYS.roll}
      </Button>
      <Confirm
        opened={asking}
        title={ROLL.title(name)}
        yes={ROLL.yes}
        loading={roll.isPending}
        onYes={() => roll.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{ROLL.text}</p>
      </Confirm>
    </>
  );
}
