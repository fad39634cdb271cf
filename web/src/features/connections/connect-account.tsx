import { Button } from "@mantine/core";
import { AddAccount, useAddAccount } from "./accounts.tsx";
import classes from "./connections.module.css";
import { type Account, type Connection, explain } from "./queries.ts";
import { Step } from "./step.tsx";
import { ACCOUNTS, GUIDE } from "./texts.ts";

/** The accounts that the token may see, each added by a click; others by their ID. */
export function ConnectAccount({
  connection,
  accounts,
}: {
  connection: Connection;
  accounts: readonly Account[];
}) {
  const add = useAddAccount(connection);
  const known = new Set(accounts.map(({ waba_id }) => waba_id));
  const seen = (connection.findings ?? []).flatMap(({ check, about }) =>
    check === "account" && about !== null && !known.has(about) ? about : [],
  );
  return (
    <Step title={GUIDE.account} done={accounts.length > 0}>
      {accounts.length > 0 && (
        <ul className={classes["rows"]}>
          {accounts.map(({ waba_id, name, numbers }) => (
            <li key={waba_id}>
              <span>
                <b dir="auto">{name ?? waba_id}</b>
                <small>
                  {name !== null && `${waba_id} · `}
                  {ACCOUNTS.numbers(numbers)}
                </small>
              </span>
            </li>
          ))}
        </ul>
      )}
      {accounts.length === 0 && <p>{seen.length > 0 ? GUIDE.account_text : GUIDE.account_none}</p>}
      {add.error && (
        <p className={classes["wrong"]} role="alert">
          {explain(add.error)}
        </p>
      )}
      <span className={classes["actions"]} data-start>
        {seen.map((waba_id) => (
          <Button
            key={waba_id}
            variant={accounts.length === 0 ? "filled" : "default"}
            loading={add.isPending && add.variables === waba_id}
            onClick={() => add.mutate(waba_id)}
          >
            {GUIDE.add_found(waba_id)}
          </Button>
        ))}
      </span>
      {accounts.length === 0 && <AddAccount connection={connection} />}
    </Step>
  );
}
