import { PasswordInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useAction } from "../lib/server/action.ts";
import { ApiProblem } from "../lib/server/api.ts";
import { prove } from "../lib/server/auth.ts";
import { onStepUp } from "../lib/server/step-up.ts";
import { Confirm } from "../ui/confirm.tsx";
import { STEP_UP } from "./step-up-texts.ts";

/** Asks for the password again when something needs it, and then lets that go on. */
export function StepUp() {
  const [opened, setOpened] = useState(false);
  const [password, setPassword] = useState("");
  const answer = useRef<((given: boolean) => void) | null>(null);
  const end = (given: boolean) => {
    setOpened(false);
    setPassword("");
    answer.current?.(given);
    answer.current = null;
  };
  const check = useAction({ mutationFn: () => prove(password), onSuccess: () => end(true) }, 0);
  const { reset } = check;
  useEffect(() => {
    onStepUp(() => {
      reset();
      setOpened(true);
      return new Promise((resolve) => {
        answer.current?.(false);
        answer.current = resolve;
      });
    });
    return () => onStepUp(null);
  }, [reset]);
  const wrong =
    check.error instanceof ApiProblem && check.error.code === "SIGN_IN_FAILED"
      ? STEP_UP.wrong
      : STEP_UP.failed;
  return (
    <Confirm
      opened={opened}
      title={STEP_UP.title}
      yes={STEP_UP.yes}
      loading={check.isPending}
      disabled={password === ""}
      onYes={() => check.mutate()}
      onClose={() => end(false)}
    >
      <p>{STEP_UP.text}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (password !== "") check.mutate();
        }}
      >
        <PasswordInput
          label={STEP_UP.password}
          autoComplete="current-password"
          error={check.error ? wrong : undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </form>
    </Confirm>
  );
}
