import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { roleLabel } from "../../lib/role-texts.ts";
import { date, exactTime } from "../../lib/words/time.ts";
import { toast } from "../../lib/page/toast.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Tag } from "../../ui/tag.tsx";
import { type ApiKey, apiKeysQuery, explain, type NewApiKey, rolesQuery } from "./queries.ts";
import { KEYS, REVOKE, ROLL } from "./texts.ts";

export function ApiKeyRow({
  api_key,
  may_change,
  onMade,
}: {
  api_key: ApiKey;
  may_change: boolean;
  onMade: (made: NewApiKey) => void;
}) {
  const now = useNow();
  const client = useQueryClient();
  const [asking, setAsking] = useState<"revoke" | "roll" | null>(null);
  const roles = useQuery(rolesQuery).data?.data ?? [];
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
      setAsking(null);
      await client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  const roll = useAction({
    mutationFn: () => call("POST /api/v1/api_keys/:id/roll", { params: { id: api_key.id }, body: {} }),
    onSuccess: onMade,
    onError: (error) => toast("bad", ROLL.failed, explain(error)),
    onSettled: async () => {
      setAsking(null);
      await client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  const role = roles.find(({ id }) => id === api_key.role);
  const limits = [
    KEYS.rate(api_key.rate_limit_per_s),
    ...(api_key.allowed_addresses.length > 0 ? [KEYS.limited] : []),
    ...(api_key.phone_number_ids.length > 0 ? [KEYS.numbers(api_key.phone_number_ids.length)] : []),
  ];
  return (
    <tr>
      <td>
        <b dir="auto">{name}</b>
        {api_key.start && <code>{api_key.start}…</code>}
      </td>
      <td data-head={KEYS.heads[1]}>
        {api_key.role === "custom" ? KEYS.own : roleLabel(role?.name ?? api_key.role)}
        <small>{limits.join(", ")}</small>
      </td>
      <td data-head={KEYS.heads[2]}>
        <time dateTime={api_key.created_at} title={exactTime(api_key.created_at)}>
          {date(api_key.created_at)}
        </time>
        <small dir="auto">{maker}</small>
      </td>
      <td data-head={KEYS.heads[3]}>
        {api_key.last_request_at ? <Ago time={api_key.last_request_at} /> : KEYS.never_used}
        {api_key.last_address && <small>{KEYS.from(api_key.last_address)}</small>}
        {api_key.is_idle && <Tag tone="warn">{KEYS.idle}</Tag>}
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
        {may_change && !api_key.from_environment && (
          <Button
            size="xs"
            variant="default"
            mr={8}
            aria-label={KEYS.roll_named(name)}
            onClick={() => setAsking("roll")}
          >
            {KEYS.roll}
          </Button>
        )}
        {may_change && (
          <Button
            size="xs"
            variant="default"
            aria-label={KEYS.revoke_named(name)}
            onClick={() => setAsking("revoke")}
          >
            {KEYS.revoke}
          </Button>
        )}
        <Confirm
          opened={asking === "roll"}
          title={ROLL.title(name)}
          yes={ROLL.yes}
          loading={roll.isPending}
          onYes={() => roll.mutate()}
          onClose={() => setAsking(null)}
        >
          <p>{ROLL.text}</p>
        </Confirm>
        <Confirm
          opened={asking === "revoke"}
          title={REVOKE.title(name)}
          yes={REVOKE.yes}
          danger
          loading={revoke.isPending}
          onYes={() => revoke.mutate()}
          onClose={() => setAsking(null)}
        >
          <p>{REVOKE.text}</p>
          {api_key.from_environment && <p>{REVOKE.environment}</p>}
        </Confirm>
      </td>
    </tr>
  );
}
