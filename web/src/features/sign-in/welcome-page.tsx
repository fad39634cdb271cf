import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem, call } from "../../lib/server/api.ts";
import { setPassword as savePassword } from "../../lib/server/auth.ts";
import { meQuery, queryClient } from "../../lib/server/queries.ts";
import { announceSession } from "../../lib/page/session.ts";
import { useTitle } from "../../lib/page/title.ts";
import type { Me } from "../../lib/types.ts";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { Problem } from "./problem.tsx";
import { PASSWORD } from "./texts.ts";
import { rememberHere } from "./was-here.ts";

const LEAST = 12;

/** Behind a one-time link: one is inside already, and sets the password to come back with, also in place of one. */
export function WelcomePage() {
  useTitle(PASSWORD.title);
  const me = useQuery(meQuery);
  if (me.error instanceof ApiProblem && me.error.status === 401)
    return <Navigate to="/sign-in" search={{}} />;
  if (me.error) return <Failure error={me.error} retry={() => void me.refetch()} />;
  if (!me.data) return null;
  if (!me.data.needs_password) return <Navigate to="/" />;
  return <PasswordForm user={me.data.user} />;
}

function PasswordForm({ user }: { user: Me["user"] }) {
  const navigate = useNavigate();
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [password, setPassword] = useState("");
  useEffect(() => {
    rememberHere();
    // The link has signed in the whole browser.
    announceSession("signed-in");
  }, []);
  const save = useAction({
    mutationFn: async () => {
      if (name.trim() !== user?.name || email.trim() !== user.email)
        await call("PATCH /api/v1/me", { body: { name, email: email.trim() } });
      await savePassword(password);
    },
    onSuccess: async () => {
      await queryClient.resetQueries({ queryKey: meQuery.queryKey });
      await navigate({ to: "/" });
    },
  });
  const whole = name.trim() !== "" && email.includes("@") && password.length >= LEAST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) save.mutate();
  };
  return (
    <Frame title={PASSWORD.title} lead={PASSWORD.lead}>
      <form className={classes["form"]} onSubmit={submit}>
        {save.error && <Problem>{explain(save.error)}</Problem>}
        <TextInput
          label={PASSWORD.name}
          size="md"
          name="name"
          autoComplete="name"
          maxLength={100}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={PASSWORD.email}
          description={PASSWORD.email_hint}
          size="md"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={PASSWORD.password}
          description={PASSWORD.password_hint(LEAST)}
          size="md"
          name="password"
          autoComplete="new-password"
          minLength={LEAST}
          maxLength={128}
          required
          withAsterisk={false}
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={save.isPending} disabled={!whole} mt={6}>
          {PASSWORD.submit}
        </Button>
      </form>
    </Frame>
  );
}

function explain(error: Error): string {
  if (!(error instanceof ApiProblem)) return error.message;
  if (error.code === "EMAIL_TAKEN") return PASSWORD.email_taken;
  if (error.code === "PASSWORD_WEAK") return error.message;
  if (error.code === "INVALID_REQUEST") return PASSWORD.email_invalid;
  return error.message;
}
