import { Button, Modal, NativeSelect, Switch, TextInput } from "@mantine/core";
import { roleLabel } from "../../lib/role-texts.ts";
import { LevelsField } from "./levels-field.tsx";
import classes from "./people.module.css";
import type { Role } from "./queries.ts";
import { COMMON, ROLES } from "./texts.ts";
import { useRoleDraft } from "./use-role-draft.ts";

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
  const { name, setName, permissions, setPermissions, sees_numbers, setSees, begin, first, save, remove } =
    useRoleDraft(role, roles, onClose);
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
        <LevelsField permissions={permissions} onChange={setPermissions} />
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
