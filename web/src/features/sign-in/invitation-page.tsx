import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem } from "../../lib/server/api.ts";
import { acceptInvitation, type Invitation, readInvitation } from "../../lib/server/auth.ts";
import { queryClient } from "../../lib/server/queries.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./frame.module.css";
import { Frame } from "./frame.tsx";
import { Problem } from "./problem.tsx";
import { INVITATION } from "./invitation-texts.ts";
import { PASSWORD } from "./texts.ts";
import { rememberHere } from "./was-here.ts";

const route = getRouteApi("/invitation/$token");
const LEAST = 12;

/** Where an invitation's link leads: one makes an account, or joins with the one that one has. */
export function InvitationPage() {
  useTitle(INVITATION.title);
  const { token } = route.useParams();
  const query = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => readInvitation(token, signal),
    retry: false,
    staleTime: Infinity,
  });
  if (query.isPending) return <Frame title={INVITATION.title} />;
  if (query.isError) {
    if (!(query.error instanceof ApiProblem) || query.error.status === 0)
      return <Failure error={query.error} retry={() => void query.refetch()} />;
    return (
      <Frame title={INVITATION.ended}>
        <Problem>{INVITATION.ended_text}</Problem>
      </Frame>
    );
  }
  return <Accept token={token} invitation={query.data} />;
}

function Accept({ token, invitation }: { token: string; invitation: Invitation }) {
  const { workspace_name, invited_by, email, has_account } = invitation;
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const accept = useAction({
    mutationFn: () => acceptInvitation(token, has_account ? { password } : { name: name.trim(), password }),
    onSuccess: async () => {
      rememberHere();
      // What was asked before this page was there was asked as a stranger.
      delete window.early;
      queryClient.clear();
      await navigate({ to: "/" });
    },
  });
  const whole = has_account ? password !== "" : name.trim() !== "" && password.length >= LEAST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) accept.mutate();
  };
  return (
    <Frame
      title={INVITATION.join(workspace_name)}
      lead={has_account ? INVITATION.known(invited_by) : INVITATION.lead(invited_by)}
    >
      <form className={classes["form"]} onSubmit={submit}>
        {accept.error && <Problem>{explain(accept.error)}</Problem>}
        <TextInput
          label={PASSWORD.email}
          size="md"
          type="email"
          autoComplete="username"
          readOnly
          value={email}
        />
        {!has_account && (
          <TextInput
            label={PASSWORD.name}
            size="md"
            autoComplete="name"
            maxLength={100}
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={PASSWORD.password}
          {...(has_account ? {} : { description: PASSWORD.password_hint(LEAST) })}
          size="md"
          autoComplete={has_account ? "current-password" : "new-password"}
          maxLength={128}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={accept.isPending} disabled={!whole} mt={6}>
          {INVITATION.submit}
        </Button>
      </form>
    </Frame>
  );
}

function explain(error: Error): string {
  if (error instanceof ApiProblem && error.code === "SIGN_IN_FAILED") return INVITATION.wrong;
  return error.message;
}
