import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { manages, type Setup, setupQuery, type SetupStep } from "../../lib/server/setup.ts";
import { useTitle } from "../../lib/page/title.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Me } from "../../lib/types.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { Step } from "./step.tsx";
import classes from "./start-page.module.css";
import { PLAY_LIVE, START, STEPS } from "./texts.ts";

const REFRESH_MS = 5_000;
const ORDER: SetupStep[] = ["play", "connect", "webhook", "api_key"];

/** The way from an empty workspace to one that works. The server knows what is done. */
export function StartPage() {
  useTitle(START.title);
  const { data: me } = useSuspenseQuery(meQuery);
  const query = useQuery({ ...setupQuery, enabled: manages(me), refetchInterval: REFRESH_MS });
  return (
    <Page title={START.title} lead={manages(me) ? START.lead : START.owners}>
      {query.isLoading && <Skeleton h={360} maw={760} radius="lg" aria-label={START.loading} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && <Steps setup={query.data} mode={me.mode} />}
    </Page>
  );
}

function Steps({ setup, mode }: { setup: Setup; mode: Me["mode"] }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const done = ORDER.filter((step) => setup.steps[step]).length;
  const next = ORDER.find((step) => !setup.steps[step]);
  const hide = useAction({
    mutationFn: () => call("PATCH /api/v1/setup", { body: { dismissed: true } }),
    onSuccess: async (changed) => {
      client.setQueryData(setupQuery.queryKey, changed);
      toast("good", START.hidden, START.hidden_text);
      await navigate({ to: "/inbox" });
    },
    onError: (error) => toast("bad", START.not_hidden, error.message),
  });
  return (
    <div className={classes["start"]}>
      <div className={classes["progress"]}>
        <span>{START.progress(done, ORDER.length)}</span>
        <progress max={ORDER.length} value={done} aria-label={START.progress(done, ORDER.length)} />
      </div>
      <Card>
        <ol className={classes["steps"]}>
          {ORDER.map((step) => (
            <Step
              key={step}
              {...(step === "play" && mode === "live" ? PLAY_LIVE : STEPS[step])}
              done={setup.steps[step]}
              next={step === next}
              link={linkOf(step, mode)}
            />
          ))}
        </ol>
      </Card>
      <div className={classes["end"]}>
        {next === undefined ? (
          <>
            <p>{START.all_done}</p>
            <Link to="/inbox">{START.inbox}</Link>
          </>
        ) : (
          <Button variant="default" size="xs" loading={hide.isPending} onClick={() => hide.mutate()}>
            {START.hide}
          </Button>
        )}
      </div>
    </div>
  );
}

function linkOf(step: SetupStep, mode: Me["mode"]): string {
  if (step === "play") return mode === "sandbox" ? "/sandbox" : "/inbox";
  return {
    connect: "/settings/connections/connect",
    webhook: "/settings/webhooks",
    api_key: "/settings/api-keys",
  }[step];
}
