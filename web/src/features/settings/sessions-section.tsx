import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { exactTime } from "../../lib/words/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { explain, sessionsQuery } from "./queries.ts";
import { Section } from "./section.tsx";
import classes from "./settings.module.css";
import { SESSIONS } from "./texts.ts";

type Session = Reply<"GET /api/v1/sessions">["data"][number];

/** Where one is signed in, and an end to each. */
export function SessionsSection() {
  const query = useQuery(sessionsQuery);
  return (
    <Section id="sessions" title={SESSIONS.title} lead={SESSIONS.lead}>
      {query.isPending ? (
        <Skeleton h={90} radius="md" aria-label={SESSIONS.loading} />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ul className={classes["sessions"]}>
          {query.data.data.map((session) => (
            <Row key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Row({ session }: { session: Session }) {
  const client = useQueryClient();
  const device = deviceOf(session.user_agent);
  const end = useAction({
    mutationFn: () => call("DELETE /api/v1/sessions/:id", { params: { id: session.id } }),
    onSuccess: () => toast("good", SESSIONS.ended, device),
    onError: (error) => toast("bad", SESSIONS.title, explain(error)),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <li>
      <div>
        <b>
          {device} {session.is_current && <Tag tone="good">{SESSIONS.current}</Tag>}
        </b>
        <small>
          {session.address} · {SESSIONS.used} <Ago time={session.last_used_at} /> ·{" "}
          {SESSIONS.ends(exactTime(session.idle_until))}
        </small>
      </div>
      {!session.is_current && (
        <Button
          size="xs"
          variant="default"
          aria-label={SESSIONS.end_named(device)}
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          {SESSIONS.end}
        </Button>
      )}
    </li>
  );
}

const BROWSERS = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
] as const;

function deviceOf(user_agent: string | null): string {
  const [browser, system] = [BROWSERS, SYSTEMS].map(
    (table) => table.find(([pattern]) => pattern.test(user_agent ?? ""))?.[1],
  );
  return browser && system ? SESSIONS.on(browser, system) : (browser ?? system ?? SESSIONS.unknown);
}
