import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { changePassword } from "../../lib/server/auth.ts";
import { toast } from "../../lib/page/toast.ts";
import { explain } from "./queries.ts";
import { Section, Wrong } from "./section.tsx";
import classes from "./settings.module.css";
import { PASSWORD } from "./texts.ts";

const LEAST = 12;

export function PasswordSection({ email }: { email: string }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const save = useAction({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      toast("good", PASSWORD.saved_title, PASSWORD.saved);
    },
  });
  const whole = current !== "" && next.length >= LEAST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) save.mutate();
  };
  return (
    <Section id="password" title={PASSWORD.title} lead={PASSWORD.lead}>
      <form className={classes["form"]} onSubmit={submit}>
        {save.error && <Wrong>{explain(save.error)}</Wrong>}
        {/* For password managers: whose password it is. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label={PASSWORD.current}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={PASSWORD.next}
          description={PASSWORD.hint(LEAST)}
          autoComplete="new-password"
          maxLength={128}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!whole} loading={save.isPending}>
          {PASSWORD.submit}
        </Button>
      </form>
    </Section>
  );
}
