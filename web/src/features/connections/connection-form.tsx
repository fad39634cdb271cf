import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import classes from "./connections.module.css";
import type { Connection } from "./queries.ts";
import { FORM } from "./texts.ts";

/** As typed; what is left empty stays as it is. */
export interface Entered {
  name: string;
  app_id: string;
  app_secret: string;
  access_token: string;
  verify_token: string;
}

const LEAST_SECRET = 8;

/** A new connection's settings, or those of one: of it the app secret is replaced elsewhere. */
export function ConnectionForm({
  connection,
  error,
  loading,
  submit,
  buttons,
  onSubmit,
}: {
  connection?: Connection;
  error: string | null;
  loading: boolean;
  submit: string;
  buttons?: ReactNode;
  onSubmit: (entered: Entered) => void;
}) {
  const [entered, setEntered] = useState<Entered>({
    name: connection?.name ?? "",
    app_id: connection?.app_id ?? "",
    app_secret: "",
    access_token: "",
    verify_token: "",
  });
  const [tried, setTried] = useState(false);
  const is_new = connection === undefined;
  const wrong = faultsOf(entered, is_new);
  const field = (name: keyof Entered) => ({
    value: entered[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setEntered((before) => ({ ...before, [name]: value }));
    },
    ...(tried && wrong[name] !== undefined ? { error: wrong[name] } : {}),
    autoComplete: "off",
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0) onSubmit(trimmed(entered));
  };
  const locked = connection?.from_environment === true;
  return (
    <form className={classes["form"]} onSubmit={send} noValidate>
      {error !== null && (
        <p className={classes["wrong"]} role="alert">
          {error}
        </p>
      )}
      <TextInput label={FORM.name} description={FORM.name_hint} maxLength={100} required {...field("name")} />
      <TextInput
        label={FORM.app_id}
        description={FORM.app_id_hint}
        inputMode="numeric"
        maxLength={32}
        {...field("app_id")}
      />
      {is_new && (
        <PasswordInput
          label={FORM.app_secret}
          description={FORM.app_secret_hint}
          required
          {...field("app_secret")}
        />
      )}
      {!locked && <Tokens connection={connection} field={field} />}
      <div className={classes["buttons"]}>
        {buttons}
        <Button type="submit" loading={loading}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** Those that can be replaced at any time. */
function Tokens({
  connection,
  field,
}: {
  connection: Connection | undefined;
  field: (name: keyof Entered) => object;
}) {
  const hint = (text: string, is_set: boolean | undefined) => (is_set ? FORM.keep : text);
  return (
    <>
      <PasswordInput
        label={FORM.access_token}
        description={hint(FORM.access_token_hint, connection?.has_access_token)}
        required={connection === undefined}
        {...field("access_token")}
      />
      <TextInput
        label={FORM.verify_token}
        description={hint(FORM.verify_token_hint, connection?.has_verify_token)}
        maxLength={200}
        {...field("verify_token")}
      />
    </>
  );
}

const trimmed = (entered: Entered): Entered => ({
  name: entered.name.trim(),
  app_id: entered.app_id.trim(),
  app_secret: entered.app_secret.trim(),
  access_token: entered.access_token.trim(),
  verify_token: entered.verify_token.trim(),
});

function faultsOf(entered: Entered, is_new: boolean): Partial<Record<keyof Entered, string>> {
  const { name, app_id, app_secret, access_token, verify_token } = trimmed(entered);
  const faults: Partial<Record<keyof Entered, string>> = {};
  if (name === "") faults.name = FORM.name_missing;
  if (app_id !== "" && !/^\d+$/.test(app_id)) faults.app_id = FORM.app_id_wrong;
  if (is_new && app_secret.length < LEAST_SECRET) faults.app_secret = FORM.short;
  if (is_new ? access_token.length < LEAST_SECRET : access_token !== "" && access_token.length < LEAST_SECRET)
    faults.access_token = FORM.short;
  if (verify_token !== "" && !/^[\x21-\x7e]{8,200}$/.test(verify_token))
    faults.verify_token = FORM.secret_spaces;
  return faults;
}
