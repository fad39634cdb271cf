import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import { toast } from "../../lib/page/toast.ts";
import { Tag } from "../../ui/tag.tsx";
import classes from "./connections.module.css";
import { OverrideDialog } from "./override-dialog.tsx";
import { type Account, accountsQuery, type Connection, connectionsQuery, explain } from "./queries.ts";
import { ACCOUNTS } from "./texts.ts";

/** The WhatsApp accounts of a connection, and whose each is. */
export function Accounts({ connection, simulated }: { connection: Connection; simulated: boolean }) {
  const { data } = useQuery(accountsQuery(connection.id));
  const accounts = data?.data ?? [];
  return (
    <section className={classes["accounts"]} aria-label={ACCOUNTS.title}>
      <h3>{ACCOUNTS.title}</h3>
      {data && accounts.length === 0 && (
        <p className={classes["quiet"]}>{connection.shared ? ACCOUNTS.none_shared : ACCOUNTS.none}</p>
      )}
      <ul className={classes["rows"]}>
        {accounts.map((account) => (
          <Row key={account.waba_id} connection={connection} account={account} simulated={simulated} />
        ))}
      </ul>
      {!simulated && connection.has_access_token && <AddAccount connection={connection} />}
    </section>
  );
}

function Row({
  connection,
  account,
  simulated,
}: {
  connection: Connection;
  account: Account;
  simulated: boolean;
}) {
  const [elsewhere, setElsewhere] = useState(false);
  const subscribe = useSubscribe(connection, account.waba_id);
  const is_unsubscribed = (connection.findings ?? []).some(
    ({ check, state, about }) => check === "account" && state === "problem" && about === account.waba_id,
  );
  return (
    <li>
      <span>
        <b dir="auto">{account.name ?? account.waba_id}</b>
        <small>
          {account.name !== null && `${account.waba_id} · `}
          {ACCOUNTS.numbers(account.numbers)}
        </small>
      </span>
      {connection.shared && <Tag tone="accent">{account.workspace_name}</Tag>}
      {!simulated && connection.has_access_token && (
        <span className={classes["actions"]}>
          <Button
            size="xs"
            variant={is_unsubscribed ? "filled" : "default"}
            aria-label={ACCOUNTS.subscribe_named(account.waba_id)}
            loading={subscribe.isPending}
            onClick={() => subscribe.mutate({ callback_url: null })}
          >
            {ACCOUNTS.subscribe}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={ACCOUNTS.override_named(account.waba_id)}
            onClick={() => setElsewhere(true)}
          >
            {ACCOUNTS.override}
          </Button>
        </span>
      )}
      <OverrideDialog
        opened={elsewhere}
        onClose={() => setElsewhere(false)}
        onSave={(override) => subscribe.mutateAsync(override)}
      />
    </li>
  );
}

interface Override {
  callback_url: string | null;
  verify_token?: string;
}

export function useSubscribe(connection: Connection, waba_id: string) {
  const client = useQueryClient();
  return useAction({
    mutationFn: (body: Override) =>
      call("POST /api/v1/connections/:id/accounts/:waba_id/subscribe", {
        params: { id: connection.id, waba_id },
        body,
      }),
    onSuccess: (_, { callback_url }) => {
      if (callback_url === null) toast("good", ACCOUNTS.subscribed, ACCOUNTS.subscribed_text);
    },
    onError: (error, { callback_url }) => {
      if (callback_url === null) toast("bad", ACCOUNTS.subscribe, explain(error));
    },
    onSettled: () => client.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
  });
}

/** Adds an account with its numbers, and has its webhooks sent here. */
export function useAddAccount(connection: Connection) {
  const client = useQueryClient();
  return useAction({
    mutationFn: async (waba_id: string) => {
      const params = { id: connection.id };
      const added = await call("POST /api/v1/connections/:id/accounts", { params, body: { waba_id } });
      await call("POST /api/v1/connections/:id/accounts/:waba_id/subscribe", {
        params: { ...params, waba_id },
        body: { callback_url: null },
      });
      return added;
    },
    onSuccess: async (added, waba_id) => {
      const numbers = added.data.find((one) => one.waba_id === waba_id)?.numbers ?? 0;
      toast("good", ACCOUNTS.added, ACCOUNTS.added_text(numbers));
      client.setQueryData(accountsQuery(connection.id).queryKey, added);
      await client.invalidateQueries({ queryKey: phoneNumbersQuery.queryKey });
    },
  });
}

export function AddAccount({ connection }: { connection: Connection }) {
  const [waba_id, setId] = useState("");
  const add = useAddAccount(connection);
  const id = waba_id.trim();
  const whole = /^\d{1,32}$/.test(id);
  const wrong = id !== "" && !whole ? ACCOUNTS.id_wrong : add.error ? explain(add.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) add.mutate(id, { onSuccess: () => setId("") });
  };
  return (
    <form className={classes["inline"]} onSubmit={submit}>
      <TextInput
        label={ACCOUNTS.id}
        description={ACCOUNTS.id_hint}
        inputMode="numeric"
        autoComplete="off"
        maxLength={32}
        error={wrong}
        value={waba_id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!whole} loading={add.isPending}>
        {ACCOUNTS.add}
      </Button>
    </form>
  );
}
