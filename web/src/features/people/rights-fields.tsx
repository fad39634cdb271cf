import { MultiSelect, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import { roleLabel, roleText } from "../../lib/role-texts.ts";
import { rolesQuery, type Scope } from "./queries.ts";
import { INVITE, SCOPE } from "./texts.ts";

export interface Rights {
  role: string;
  scope: Scope;
  phone_number_ids: string[];
}

/** A role, and which conversations are seen with it. */
export function RightsFields({ rights, onChange }: { rights: Rights; onChange: (rights: Rights) => void }) {
  const roles = useQuery(rolesQuery).data?.data ?? [];
  const numbers = useQuery(phoneNumbersQuery).data?.data ?? [];
  const chosen = roles.find(({ id }) => id === rights.role);
  return (
    <>
      <NativeSelect
        label={INVITE.role}
        description={roleText(chosen?.name ?? rights.role)}
        data={roles.map(({ id, name, standard }) => ({
          value: id,
          label: standard ? roleLabel(name) : name,
        }))}
        value={rights.role}
        onChange={({ currentTarget: { value } }) => onChange({ ...rights, role: value })}
      />
      <NativeSelect
        label={SCOPE.label}
        description={SCOPE.hint}
        data={SCOPE.options}
        value={rights.scope}
        onChange={({ currentTarget: { value } }) => onChange({ ...rights, scope: value as Scope })}
      />
      {rights.scope === "numbers" && (
        <MultiSelect
          label={SCOPE.which}
          placeholder={rights.phone_number_ids.length === 0 ? SCOPE.choose : ""}
          data={numbers.map(({ id, display_phone_number, verified_name }) => ({
            value: id,
            label: [verified_name, display_phone_number].filter(Boolean).join(" · ") || id,
          }))}
          value={rights.phone_number_ids}
          onChange={(phone_number_ids) => onChange({ ...rights, phone_number_ids })}
        />
      )}
    </>
  );
}

export const isWhole = ({ scope, phone_number_ids }: Rights) =>
  scope !== "numbers" || phone_number_ids.length > 0;

export const scopeWords = ({ scope, phone_number_ids }: Omit<Rights, "role">): string =>
  SCOPE.names[scope] ?? SCOPE.numbers(phone_number_ids.length);
