import { Menu, TextInput } from "@mantine/core";
import { IconBuilding, IconCheck, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createPortal } from "react-dom";
import { toast } from "../lib/page/toast.ts";
import { useAction } from "../lib/server/action.ts";
import { call, wordsOf } from "../lib/server/api.ts";
import type { Me } from "../lib/types.ts";
import { Confirm } from "../ui/confirm.tsx";
import { USER_MENU } from "./texts.ts";
import { WORKSPACES } from "./workspaces-texts.ts";

/** Nothing of the workspace before stays on the screen. */
const begin = () => location.assign("/");

/** The workspaces of a person who is in several, and another for those who may make one. */
export function Workspaces({ me }: { me: Me }) {
  const [naming, setNaming] = useState(false);
  const { data } = useQuery({
    queryKey: ["workspaces"],
    queryFn: ({ signal }) => call("GET /api/v1/workspaces", { signal }),
    enabled: me.user !== null,
  });
  const enter = useAction({
    mutationFn: (id: string) => call("POST /api/v1/workspaces/:id/enter", { params: { id } }),
    onSuccess: begin,
    onError: (error) => toast("bad", WORKSPACES.workspaces, wordsOf(error)),
  });
  if (!data || (data.data.length < 2 && !data.can_create)) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{WORKSPACES.workspaces}</Menu.Label>
      {data.data.map(({ id, name, is_current }) => (
        <Menu.Item
          key={id}
          leftSection={<IconBuilding size={17} stroke={1.7} />}
          rightSection={is_current ? <IconCheck size={16} aria-label={USER_MENU.chosen} /> : null}
          onClick={() => !is_current && enter.mutate(id)}
        >
          <span dir="auto">{name}</span>
        </Menu.Item>
      ))}
      {data.can_create && (
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<IconPlus size={17} stroke={1.7} />}
          onClick={() => setNaming(true)}
        >
          {WORKSPACES.new_workspace}
        </Menu.Item>
      )}
      {naming && createPortal(<NewWorkspace onClose={() => setNaming(false)} />, document.body)}
    </>
  );
}

function NewWorkspace({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const make = useAction({
    mutationFn: async () => {
      const { id } = await call("POST /api/v1/workspaces", { body: { name: name.trim() } });
      await call("POST /api/v1/workspaces/:id/enter", { params: { id } });
    },
    onSuccess: begin,
    onError: (error) => toast("bad", WORKSPACES.new_workspace, wordsOf(error)),
  });
  return (
    <Confirm
      opened
      title={WORKSPACES.new_workspace}
      yes={WORKSPACES.create}
      disabled={name.trim() === ""}
      loading={make.isPending}
      onYes={() => make.mutate()}
      onClose={onClose}
    >
      <p>{WORKSPACES.workspace_text}</p>
      <TextInput
        label={WORKSPACES.workspace_name}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Confirm>
  );
}
