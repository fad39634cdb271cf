import { Button } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { IconExternalLink } from "@tabler/icons-react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { ConnectAccount } from "./connect-account.tsx";
import { ConnectCallback } from "./connect-callback.tsx";
import { ConnectCheck } from "./connect-check.tsx";
import { ConnectTest } from "./connect-test.tsx";
import { ConnectionForm, type Entered } from "./connection-form.tsx";
import classes from "./connections.module.css";
import { accountsQuery, callbackUrlOf, connectionsQuery, type Connection, explain } from "./queries.ts";
import { Step } from "./step.tsx";
import { FORM, GUIDE } from "./texts.ts";

const DASHBOARD = "https://developers.facebook.com/apps";

/** The way from a Meta app to a first message; each step is known by what it did. */
export function ConnectPage() {
  useTitle(GUIDE.title);
  const { connection: id } = useSearch({ from: "/shell/settings/connections/connect" });
  const { data: me } = useSuspenseQuery(meQuery);
  const { data } = useQuery(connectionsQuery);
  const connection = data?.data.find((one) => one.id === id);
  const above = (
    <Link to="/settings/connections" className={classes["crumb"]}>
      {GUIDE.back}
    </Link>
  );
  const stay = me.mode === "sandbox" && (
    <Button component={Link} to="/sandbox" variant="default">
      {GUIDE.stay}
    </Button>
  );
  return (
    <Page above={above} title={GUIDE.title} lead={GUIDE.lead} action={stay}>
      {id !== undefined && data === undefined ? null : (
        <Card className={classes["card"] ?? ""}>
          <ol className={classes["steps"]}>
            <Credentials connection={connection} />
            {connection && <Later connection={connection} />}
          </ol>
        </Card>
      )}
    </Page>
  );
}

function Credentials({ connection }: { connection: Connection | undefined }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const add = useAction({
    mutationFn: (entered: Entered) =>
      call("POST /api/v1/connections", {
        body: {
          name: entered.name,
          app_id: entered.app_id === "" ? null : entered.app_id,
          app_secret: entered.app_secret,
          access_token: entered.access_token,
          verify_token: entered.verify_token === "" ? null : entered.verify_token,
        },
      }),
    onSuccess: async (made) => {
      client.setQueryData(connectionsQuery.queryKey, (known) => known && { data: [...known.data, made] });
      // What is wrong with secret and token shows at once.
      const checked = call("POST /api/v1/connections/:id/check", {
        params: { id: made.id },
        body: { callback_url: callbackUrlOf(made) },
      });
      await checked.catch(() => null);
      await client.invalidateQueries({ queryKey: connectionsQuery.queryKey });
      await navigate({ to: "/settings/connections/connect", search: { connection: made.id }, replace: true });
    },
  });
  return (
    <Step title={GUIDE.credentials} done={connection !== undefined}>
      {connection === undefined && (
        <>
          <ol className={classes["how"]}>
            {GUIDE.credentials_text.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ol>
          <p>
            <a href={DASHBOARD} target="_blank" rel="noreferrer" className={classes["link"]}>
              {GUIDE.dashboard} <IconExternalLink size={15} aria-hidden />
            </a>
          </p>
          <ConnectionForm
            error={add.error && explain(add.error)}
            loading={add.isPending}
            submit={FORM.submit}
            onSubmit={(entered) => add.mutate(entered)}
          />
        </>
      )}
    </Step>
  );
}

function Later({ connection }: { connection: Connection }) {
  const { data } = useQuery(accountsQuery(connection.id));
  const has_account = (data?.data.length ?? 0) > 0;
  return (
    <>
      <ConnectCallback connection={connection} />
      <ConnectAccount connection={connection} accounts={data?.data ?? []} />
      <ConnectCheck connection={connection} />
      {has_account && <ConnectTest connection={connection} />}
      {has_account && (
        <li className={classes["finish"]}>
          <Button component={Link} to="/settings/connections">
            {GUIDE.finish}
          </Button>
        </li>
      )}
    </>
  );
}
