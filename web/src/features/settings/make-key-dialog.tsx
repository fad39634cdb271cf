import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { serverNow } from "../../lib/words/clock.ts";
import { roleLabel } from "../../lib/role-texts.ts";
import { KeyLimits, NO_LIMITS } from "./key-limits.tsx";
import { apiKeysQuery, explain, type NewApiKey, rolesQuery } from "./queries.ts";
import { Wrong } from "./section.tsx";
import classes from "./settings.module.css";
import { MAKE_KEY } from "./texts.ts";

const DAY_MS = 86_400_000;

export function MakeKeyDialog(props: {
  opened: boolean;
  onClose: () => void;
  onMade: (made: NewApiKey) => void;
}) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={MAKE_KEY.title}
      centered
      size={480}
      closeButtonProps={{ "aria-label": MAKE_KEY.close }}
    >
      <Form {...props} />
    </Modal>
  );
}

function Form({ onClose, onMade }: { onClose: () => void; onMade: (made: NewApiKey) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState("owner");
  const [limits, setLimits] = useState(NO_LIMITS);
  const roles = useQuery(rolesQuery).data?.data ?? [];
  const [days, setDays] = useState("90");
  const make = useAction({
    mutationFn: () => {
      const expires_at = days === "" ? null : new Date(serverNow() + Number(days) * DAY_MS).toISOString();
      return call("POST /api/v1/api_keys", {
        body: {
          name,
          role,
          expires_at,
          phone_number_ids: limits.phone_number_ids,
          rate_limit_per_s: Number(limits.rate),
          allowed_addresses: limits.addresses.split(/[\s,]+/).filter(Boolean),
        },
      });
    },
    onSuccess: async (made) => {
      onClose();
      onMade(made);
      await client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") make.mutate();
  };
  return (
    <form className={classes["form"]} data-wide onSubmit={submit}>
      {make.error && <Wrong>{explain(make.error)}</Wrong>}
      <TextInput
        label={MAKE_KEY.name}
        description={MAKE_KEY.name_hint}
        maxLength={100}
        autoComplete="off"
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={MAKE_KEY.access}
        description={MAKE_KEY.access_hint}
        data={roles.map((one) => ({ value: one.id, label: one.standard ? roleLabel(one.name) : one.name }))}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
      />
      <NativeSelect
        label={MAKE_KEY.expires}
        data={MAKE_KEY.expires_options}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <KeyLimits limits={limits} onChange={setLimits} />
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {MAKE_KEY.cancel}
        </Button>
        <Button type="submit" disabled={name.trim() === ""} loading={make.isPending}>
          {MAKE_KEY.submit}
        </Button>
      </div>
    </form>
  );
}
