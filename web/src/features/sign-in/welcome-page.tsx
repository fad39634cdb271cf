import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ApiProblem, wordsOf } from "../../lib/api.ts";
import { setPassword as savePassword } from "../../lib/auth.ts";
import { meQuery, queryClient } from "../../lib/queries.ts";
import { useTitle } from "../../lib/title.ts";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { Problem } from "./problem.tsx";

const LEAST = 10;

/** Behind a one-time link: one is inside already, and chooses the password to come back with, also in place of one. */
export function WelcomePage() {
  useTitle("Choose a password");
  const me = useQuery(meQuery);
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => savePassword(password),
    onSuccess: async () => {
      await queryClient.resetQueries({ queryKey: meQuery.queryKey });
      await navigate({ to: "/" });
    },
  });
  if (me.error instanceof ApiProblem && me.error.status === 401)
    return <Navigate to="/sign-in" search={{}} />;
  if (me.error) return <Failure error={me.error} retry={() => void me.refetch()} />;
  if (!me.data) return null;
  if (!me.data.needs_password) return <Navigate to="/" />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password.length >= LEAST) save.mutate();
  };
  return (
    <Frame
      title="Welcome aboard"
      lead="You are in. Choose a password, so that you can come back without the link."
    >
      <form className={classes["form"]} onSubmit={submit}>
        {save.error && <Problem>{wordsOf(save.error)}</Problem>}
        <TextInput
          label="You sign in as"
          size="md"
          name="email"
          autoComplete="username"
          readOnly
          value={me.data.user?.email ?? ""}
        />
        <PasswordInput
          label="New password"
          description={`At least ${LEAST} characters; a few words in a row are good`}
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
        <Button type="submit" size="md" loading={save.isPending} disabled={password.length < LEAST} mt={6}>
          Save and go on
        </Button>
      </form>
    </Frame>
  );
}
