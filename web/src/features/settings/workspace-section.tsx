import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { meQuery } from "../../lib/server/queries.ts";
import { isOpen, setupQuery } from "../../lib/server/setup.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Me } from "../../lib/types.ts";
import { explain } from "./queries.ts";
import { Section, Wrong } from "./section.tsx";
import classes from "./settings.module.css";
import { SETTINGS, WORKSPACE } from "./texts.ts";

export function WorkspaceSection({ me, owner }: { me: Me; owner: boolean }) {
  const client = useQueryClient();
  const [name, setName] = useState(me.workspace.name);
  const save = useAction({
    mutationFn: () => call("PATCH /api/v1/workspace", { body: { name } }),
    onSuccess: async (workspace) => {
      setName(workspace.name);
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      toast("good", SETTINGS.saved, WORKSPACE.saved);
    },
  });
  const changed = name.trim() !== "" && name.trim() !== me.workspace.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed) save.mutate();
  };
  return (
    <Section
      id="workspace"
      title={WORKSPACE.title}
      lead={owner ? WORKSPACE.lead : WORKSPACE.owners}
      more={owner && <ShowSteps />}
    >
      <form className={classes["form"]} onSubmit={submit}>
        {save.error && <Wrong>{explain(save.error)}</Wrong>}
        <TextInput
          label={WORKSPACE.name}
          maxLength={100}
          disabled={!owner}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {owner && (
          <Button type="submit" disabled={!changed} loading={save.isPending}>
            {SETTINGS.save}
          </Button>
        )}
      </form>
    </Section>
  );
}

/** Brings back the first steps of which some are left, once they were hidden. */
function ShowSteps() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: setup } = useQuery(setupQuery);
  const show = useAction({
    mutationFn: () => call("PATCH /api/v1/setup", { body: { dismissed: false } }),
    onSuccess: async (changed) => {
      client.setQueryData(setupQuery.queryKey, changed);
      await navigate({ to: "/start" });
    },
  });
  if (!setup?.dismissed || !isOpen({ ...setup, dismissed: false })) return null;
  return (
    <button type="button" onClick={() => show.mutate()}>
      {WORKSPACE.show_steps}
    </button>
  );
}
