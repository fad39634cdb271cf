import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type FormEvent, Suspense, useCallback, useEffect, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem } from "../../lib/server/api.ts";
import { signIn } from "../../lib/server/auth.ts";
import { lazyPart } from "../../lib/page/chunks.ts";
import { queryClient } from "../../lib/server/queries.ts";
import { watchSession } from "../../lib/page/session.ts";
import { keepsCookies } from "./cookies.ts";
import { firstVisitQuery } from "./first-visit.ts";
import { useTitle } from "../../lib/page/title.ts";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { Problem } from "./problem.tsx";
import { COOKIES, FIRST_VISIT, LINK_USED, NOT_KEPT, SIGN_IN } from "./texts.ts";
import { rememberHere, wasHere } from "./was-here.ts";

const route = getRouteApi("/sign-in");
// Most who sign in have a password.
const LinkHelp = lazyPart(() => import("./link-help.tsx"), "LinkHelp");

export function SignInPage() {
  useTitle(SIGN_IN.title);
  const { next, error: arrival } = route.useSearch();
  const router = useRouter();
  const [returning] = useState(wasHere);
  const [form, setForm] = useState(false);
  const [keeps_cookies] = useState(keepsCookies);
  const visit = useQuery({ ...firstVisitQuery, enabled: !returning });
  const proceed = useCallback(() => {
    rememberHere();
    queryClient.clear();
    router.history.push(ownPath(next));
  }, [next, router]);
  // Signed in from another tab: this one goes on, too.
  useEffect(() => watchSession((change) => change === "signed-in" && proceed()), [proceed]);

  if (visit.isLoading) return <Frame title={SIGN_IN.title} />;
  const used = !keeps_cookies ? (
    <Problem>{COOKIES}</Problem>
  ) : (
    arrival === "link" && <Problem>{LINK_USED}</Problem>
  );
  if (visit.data?.is_new && !form) {
    return (
      <Frame title={FIRST_VISIT.title} lead={FIRST_VISIT.lead}>
        <div className={classes["form"]}>
          {used}
          <Suspense fallback={null}>
            <LinkHelp email={visit.data.first_email} />
          </Suspense>
          <button type="button" className={classes["other"]} onClick={() => setForm(true)}>
            {FIRST_VISIT.have_password}
          </button>
        </div>
      </Frame>
    );
  }
  return (
    <Frame title={SIGN_IN.title} lead={returning ? SIGN_IN.back : SIGN_IN.lead}>
      <SignInForm arrival={used} proceed={proceed} />
      <details className={classes["details"]} open={arrival === "link"}>
        <summary>{SIGN_IN.help}</summary>
        <Suspense fallback={null}>
          <LinkHelp email={null} />
        </Suspense>
      </details>
    </Frame>
  );
}

function SignInForm({ arrival, proceed }: { arrival: React.ReactNode; proceed: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useAction({ mutationFn: () => signIn(email.trim(), password), onSuccess: proceed });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form className={classes["form"]} onSubmit={submit}>
      {enter.error ? <Problem>{explain(enter.error)}</Problem> : arrival}
      <TextInput
        label={SIGN_IN.email}
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
        label={SIGN_IN.password}
        size="md"
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="md" loading={enter.isPending} mt={6}>
        {SIGN_IN.submit}
      </Button>
    </form>
  );
}

function explain(error: Error): string {
  if (!(error instanceof ApiProblem)) return error.message;
  if (error.code === "SESSION_NOT_KEPT") return keepsCookies() ? NOT_KEPT : COOKIES;
  if (error.status === 401) return SIGN_IN.wrong;
  if (error.status === 429) return SIGN_IN.too_many;
  return error.message;
}

/** Only a path of ours: `//elsewhere` would leave. */
function ownPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
