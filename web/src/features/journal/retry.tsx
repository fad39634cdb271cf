import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconRefresh } from "@tabler/icons-react";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem, call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import type { JournalDetail } from "../../lib/types.ts";
import * as texts from "./texts.ts";

/** Processes a webhook that failed, or waits, once more and now. */
export function Retry({ webhook }: { webhook: JournalDetail }) {
  const client = useQueryClient();
  const look = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["journal"] }),
      client.invalidateQueries({ queryKey: ["journal-webhook", webhook.id] }),
    ]);
  const retry = useAction({
    mutationFn: () => call("POST /api/v1/journal/:id/retry", { params: { id: webhook.id } }),
    onSuccess: async () => {
      toast("good", ...texts.RETRIED);
      await look();
    },
    onError: async (error) => {
      const done = error instanceof ApiProblem && error.code === "JOURNAL_STATE";
      toast(done ? "good" : "bad", texts.NOT_RETRIED, done ? texts.ALREADY_DONE : texts.TRY_LATER);
      await look();
    },
  });
  return (
    <Button
      variant={webhook.state === "dead" ? "filled" : "default"}
      leftSection={<IconRefresh size={16} />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      {texts.RETRY}
    </Button>
  );
}
