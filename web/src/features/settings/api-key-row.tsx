import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { date, exactTime } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Tag } from "../../ui/tag.tsx";
import { type ApiKey, apiKeysQuery, explain } from "./queries.ts";
import { KEYS, REVOKE } from "./texts.ts";

export function ApiKeyRow({ api_key }: { api_key: ApiKey }) {
  const now = useNow();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const name = api_key.name ?? KEYS.unnamed;
  const ended = api_key.expires_at !== null && Date.parse(api_key.expires_at) <= now;
  const maker = api_key.from_environment
    ? KEYS.by_environment
    : api_key.created_by
      ? KEYS.by(api_key.created_by.name)
      : KEYS.by_terminal;
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
    <tr>
      <td>
        <b dir="auto">{name}</b>
        {api_key.start && <code>{api_key.start}…</code>}
      </td>
      <td data-head={KEYS.heads[1]}>{KEYS.roles[api_key.role] ?? api_key.role}</td>
      <td data-head={KEYS.heads[2]}>
        <time dateTime={api_key.created_at} title={exactTime(api_key.created_at)}>
          {date(api_key.created_at)}
        </time>
        <small dir="auto">{maker}</small>
      </td>
      <td data-head={KEYS.heads[3]}>
        {api_key.last_request_at ? <Ago time={api_key.last_request_at} /> : KEYS.never_used}
      </td>
      <td data-head={KEYS.heads[4]}>
        {ended ? (
          <Tag tone="bad">{KEYS.expired}</Tag>
        ) : api_key.expires_at ? (
          <time dateTime={api_key.expires_at} title={exactTime(api_key.expires_at)}>
            {date(api_key.expires_at)}
          </time>
        ) : (
          KEYS.no_end
        )}
      </td>
      <td>
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
      </td>
    </tr>
  );
}
