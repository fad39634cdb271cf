import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { wordsOf } from "../../lib/api.ts";
import { signIn } from "../../lib/auth.ts";
import { queryClient } from "../../lib/queries.ts";
import { watchSession } from "../../lib/session.ts";
import { useTitle } from "../../lib/title.ts";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { Problem } from "./problem.tsx";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  useTitle("Sign in");
  const { next, error: arrival } = route.useSearch();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const proceed = useCallback(() => {
    queryClient.clear();
    router.history.push(ownPath(next));
  }, [next, router]);
  const enter = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: proceed,
  });
  // Signed in from another tab: this one goes on, too.
  useEffect(() => watchSession((change) => change === "signed-in" && proceed()), [proceed]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <Frame title="Sign in" lead="Welcome back. Your conversations are where you left them.">
      <form className={classes["form"]} onSubmit={submit}>
        {arrival === "link" && !enter.error && (
          <Problem>
            This link was used or has expired. Start Wharf again, or run{" "}
            <code>wharf user link &lt;email&gt;</code>, for a new one.
          </Problem>
        )}
        {enter.error && <Problem>{wordsOf(enter.error)}</Problem>}
        <TextInput
          label="Email"
          type="email"
          size="md"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          size="md"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={enter.isPending} mt={6}>
          Sign in
        </Button>
      </form>
    </Frame>
  );
}

/** Only a path of ours: `//elsewhere` would leave. */
function ownPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
