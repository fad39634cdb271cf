import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import type { Levels } from "./levels-field.tsx";
import { type Role, rolesQuery } from "./queries.ts";
import { COMMON } from "./texts.ts";

/** What is written into a role before it is saved; a new one begins as a copy of `first`. */
export function useRoleDraft(role: Role | null, roles: readonly Role[], onClose: () => void) {
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
  return { name, setName, permissions, setPermissions, sees_numbers, setSees, begin, first, save, remove };
}
