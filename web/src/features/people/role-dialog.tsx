import { Button, Modal, NativeSelect, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { roleLabel } from "../../lib/role-texts.ts";
import classes from "./people.module.css";
import { type Role, rolesQuery } from "./queries.ts";
import { AREA_NAMES } from "./area-names.ts";
import { AREA_LABELS, COMMON, LEVEL_LABELS, ROLES } from "./texts.ts";

const LEVELS = Object.entries(LEVEL_LABELS).map(([value, label]) => ({ value, label }));
type Levels = Role["permissions"];

/** A role of the workspace's own: a copy of another with other levels. */
export function RoleDialog({
  role,
  roles,
  onClose,
}: {
  role: Role | null;
  roles: readonly Role[];
  onClose: () => void;
}) {
  const client = useQueryClient();
  const first = role ?? roles.find(({ id }) => id === "support_agent");
  const [name, setName] = useState(role?.name ?? "");
  const [permissions, setPermissions] = useState<Levels | undefined>(first?.permissions);
  const [sees_numbers, setSees] = useState(first?.sees_numbers ?? false);
  const ended = {
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: rolesQuery.queryKey });
    },
    onError: (error: Error) => toast("bad", COMMON.failed, wordsOf(error)),
  };
  const save = useAction<unknown>({
    mutationFn: () => {
      const body = { name: name.trim(), permissions: permissions!, sees_numbers };
      return role
        ? call("PATCH /api/v1/roles/:id", { params: { id: role.id }, body })
        : call("POST /api/v1/roles", { body });
    },
    ...ended,
  });
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/roles/:id", { params: { id: role!.id } }),
    ...ended,
  });
  const begin = (id: string) => {
    const from = roles.find((one) => one.id === id);
    if (!from) return;
    setPermissions(from.permissions);
    setSees(from.sees_numbers);
  };
  if (!permissions) return null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={role ? ROLES.edit_title : ROLES.new_title}
      centered
      size={560}
      closeButtonProps={{ "aria-label": COMMON.close }}
    >
      <div className={classes["form"]}>
        <TextInput
          label={ROLES.name}
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {!role && (
          <NativeSelect
            label={ROLES.from}
            data={roles.map((one) => ({
              value: one.id,
              label: one.standard ? roleLabel(one.name) : one.name,
            }))}
            defaultValue={first?.id ?? ""}
            onChange={(event) => begin(event.currentTarget.value)}
          />
        )}
        <div className={classes["levels"]}>
          {AREA_NAMES.map((area) => (
            <div key={area}>
              <span id={`area-${area}`}>{AREA_LABELS[area]}</span>
              <SegmentedControl
                size="xs"
                aria-labelledby={`area-${area}`}
                data={LEVELS}
                value={permissions[area]}
                onChange={(level) => setPermissions({ ...permissions, [area]: level as Levels[typeof area] })}
              />
            </div>
          ))}
        </div>
        <Switch
          label={ROLES.sees}
          description={ROLES.sees_hint}
          checked={sees_numbers}
          onChange={({ currentTarget: { checked } }) => setSees(checked)}
        />
        <div className={classes["buttons"]}>
          {role && role.uses === 0 && (
            <Button variant="light" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {ROLES.remove}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {COMMON.cancel}
          </Button>
          <Button disabled={name.trim() === ""} loading={save.isPending} onClick={() => save.mutate()}>
            {role ? COMMON.save : ROLES.submit}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
