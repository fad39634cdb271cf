import { Button, Modal, NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { meQuery } from "../../lib/server/queries.ts";
import type { Me } from "../../lib/types.ts";
import { Confirm } from "../../ui/confirm.tsx";
import classes from "./people.module.css";
import { type Member, membersQuery } from "./queries.ts";
import { isWhole, type Rights, RightsFields } from "./rights-fields.tsx";
import { COMMON, MEMBER } from "./texts.ts";

interface Edited {
  member: Member;
  me: Me;
  others: readonly Member[];
  onClose: () => void;
}

/** A member's rights, and the ways out: deactivated, let in again, or made the owner. */
export function MemberDialog({ member, me, others, onClose }: Edited) {
  const [rights, setRights] = useState<Rights>({
    role: member.role,
    scope: member.scope,
    phone_number_ids: member.phone_number_ids,
  });
  const [asked, setAsked] = useState<"deactivate" | "transfer" | null>(null);
  const save = useChange(
    member,
    () => {
      const { role, ...scope } = rights;
      const scoped = JSON.stringify(scope) !== JSON.stringify(scopeOf(member));
      return call("PATCH /api/v1/members/:id", {
        params: { id: member.id },
        body: { ...(role === member.role ? {} : { role }), ...(scoped ? scope : {}) },
      });
    },
    MEMBER.saved,
    onClose,
  );
  const reactivate = useChange(
    member,
    () => call("POST /api/v1/members/:id/reactivate", { params: { id: member.id } }),
    MEMBER.saved,
    onClose,
  );
  const is_me = member.id === me.user?.id;
  if (asked === "deactivate") return <Deactivate {...{ member, me, others, onClose }} />;
  if (asked === "transfer") return <Transfer {...{ member, me, others, onClose }} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={MEMBER.title(member.name)}
      centered
      size={480}
      closeButtonProps={{ "aria-label": COMMON.close }}
    >
      <div className={classes["form"]}>
        <RightsFields rights={rights} onChange={setRights} />
        {!is_me && (
          <div className={classes["ways"]}>
            {member.deactivated_at === null ? (
              <Button size="xs" variant="light" color="red" onClick={() => setAsked("deactivate")}>
                {MEMBER.deactivate}
              </Button>
            ) : (
              <Button size="xs" variant="default" onClick={() => reactivate.mutate()}>
                {MEMBER.reactivate}
              </Button>
            )}
            {me.role === "owner" && member.role !== "owner" && member.deactivated_at === null && (
              <Button size="xs" variant="default" onClick={() => setAsked("transfer")}>
                {MEMBER.transfer}
              </Button>
            )}
          </div>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {COMMON.cancel}
          </Button>
          <Button disabled={!isWhole(rights)} loading={save.isPending} onClick={() => save.mutate()}>
            {COMMON.save}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

const scopeOf = ({ scope, phone_number_ids }: Member) => ({ scope, phone_number_ids });

function useChange({ name }: Member, change: () => Promise<unknown>, done: string, onClose: () => void) {
  const client = useQueryClient();
  return useAction({
    mutationFn: change,
    onSuccess: async () => {
      onClose();
      toast("good", done, name);
      await Promise.all(
        [membersQuery.queryKey, meQuery.queryKey].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
    onError: (error) => toast("bad", COMMON.failed, wordsOf(error)),
  });
}

function Deactivate({ member, others, onClose }: Edited) {
  const [to, setTo] = useState("");
  const change = useChange(
    member,
    () =>
      call("POST /api/v1/members/:id/deactivate", {
        params: { id: member.id },
        body: { reassign_to: to === "" ? null : to },
      }),
    MEMBER.deactivated(member.name),
    onClose,
  );
  const active = others.filter(({ id, deactivated_at }) => id !== member.id && deactivated_at === null);
  return (
    <Confirm
      opened
      danger
      title={MEMBER.deactivate_title(member.name)}
      yes={MEMBER.deactivate}
      loading={change.isPending}
      onYes={() => change.mutate()}
      onClose={onClose}
    >
      <p>{MEMBER.deactivate_text}</p>
      <NativeSelect
        label={MEMBER.reassign}
        data={[
          { value: "", label: MEMBER.reassign_none },
          ...active.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </Confirm>
  );
}

function Transfer({ member, onClose }: Edited) {
  const change = useChange(
    member,
    () => call("POST /api/v1/members/:id/transfer", { params: { id: member.id } }),
    MEMBER.transferred(member.name),
    onClose,
  );
  return (
    <Confirm
      opened
      danger
      title={MEMBER.transfer_title(member.name)}
      yes={MEMBER.transfer}
      loading={change.isPending}
      onYes={() => change.mutate()}
      onClose={onClose}
    >
      <p>{MEMBER.transfer_text}</p>
    </Confirm>
  );
}
