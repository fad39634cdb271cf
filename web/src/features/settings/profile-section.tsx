import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Me } from "../../lib/types.ts";
import { explain } from "./queries.ts";
import { Section, Wrong } from "./section.tsx";
import classes from "./settings.module.css";
import { PROFILE, SETTINGS } from "./texts.ts";

export function ProfileSection({ user }: { user: NonNullable<Me["user"]> }) {
  const client = useQueryClient();
  const [name, setName] = useState(user.name);
  const [email, setEmail] = useState(user.email);
  const [current_password, setCurrent] = useState("");
  const moves = email.trim().toLowerCase() !== user.email;
  const save = useAction({
    mutationFn: () =>
      call("PATCH /api/v1/me", {
        body: { name, ...(moves ? { email: email.trim(), current_password } : {}) },
      }),
    onSuccess: async () => {
      toast("good", SETTINGS.saved, PROFILE.saved);
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  const changed = moves ? current_password !== "" : name.trim() !== user.name;
  const whole = changed && name.trim() !== "" && email.includes("@");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) save.mutate();
  };
  return (
    <Section id="profile" title={PROFILE.title} lead={PROFILE.lead}>
      <form className={classes["form"]} onSubmit={submit}>
        {save.error && <Wrong>{explain(save.error)}</Wrong>}
        <TextInput
          label={PROFILE.name}
          maxLength={100}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={PROFILE.email}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {moves && (
          <PasswordInput
            label={PROFILE.current}
            description={PROFILE.current_hint}
            autoComplete="current-password"
            value={current_password}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <Button type="submit" disabled={!whole} loading={save.isPending}>
          {SETTINGS.save}
        </Button>
      </form>
    </Section>
  );
}
