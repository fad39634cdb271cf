import { useQuery } from "@tanstack/react-query";
import { roleLabel } from "../../lib/role-texts.ts";
import { date, exactTime } from "../../lib/words/time.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Ago } from "../../ui/ago.tsx";
import { Tag } from "../../ui/tag.tsx";
import { type ApiKey, type NewApiKey, rolesQuery } from "./queries.ts";
import { RevokeKey } from "./revoke-key.tsx";
import { RollKey } from "./roll-key.tsx";
import { KEYS } from "./texts.ts";

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
  const roles = useQuery(rolesQuery).data?.data ?? [];
  const name = api_key.name ?? KEYS.unnamed;
  const ended = api_key.expires_at !== null && Date.parse(api_key.expires_at) <= now;
  const maker = api_key.from_environment
    ? KEYS.by_environment
    : api_key.created_by
      ? KEYS.by(api_key.created_by.name)
      : KEYS.by_terminal;
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
        {may_change && !api_key.from_environment && <RollKey api_key={api_key} name={name} onMade={onMade} />}
        {may_change && <RevokeKey api_key={api_key} name={name} />}
      </td>
    </tr>
  );
}
