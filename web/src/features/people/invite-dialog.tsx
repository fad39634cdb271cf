import { Button, Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./people.module.css";
import { invitationsQuery, type MadeInvitation } from "./queries.ts";
import { isWhole, type Rights, RightsFields } from "./rights-fields.tsx";
import { COMMON, INVITE } from "./texts.ts";

interface Asking {
  opened: boolean;
  onClose: () => void;
  onMade: (made: MadeInvitation) => void;
}

export function InviteDialog(props: Asking) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={INVITE.title}
      centered
      size={480}
      closeButtonProps={{ "aria-label": COMMON.close }}
    >
      <Form {...props} />
    </Modal>
  );
}

const AGENT: Rights = { role: "support_agent", scope: "all", phone_number_ids: [] };

function Form({ onClose, onMade }: Asking) {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [rights, setRights] = useState(AGENT);
  const invite = useAction({
    mutationFn: () => call("POST /api/v1/invitations", { body: { email: email.trim(), ...rights } }),
    onSuccess: async (made) => {
      onClose();
      onMade(made);
      await client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  const whole = /^\S+@\S+\.\S+$/.test(email.trim()) && isWhole(rights);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) invite.mutate();
  };
  return (
    <form className={classes["form"]} onSubmit={submit}>
      {invite.error && (
        <p className={classes["wrong"]} role="alert">
          {wordsOf(invite.error)}
        </p>
      )}
      <TextInput
        label={INVITE.email}
        type="email"
        autoComplete="off"
        data-autofocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <RightsFields rights={rights} onChange={setRights} />
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {COMMON.cancel}
        </Button>
        <Button type="submit" disabled={!whole} loading={invite.isPending}>
          {INVITE.submit}
        </Button>
      </div>
    </form>
  );
}

/** The link is shown once: there may be no mail. */
export function LinkDialog({ made, onDone }: { made: MadeInvitation | null; onDone: () => void }) {
  const link = made ? new URL(made.path, location.origin).href : "";
  return (
    <Modal
      opened={made !== null}
      onClose={onDone}
      title={INVITE.link_title}
      centered
      size={520}
      closeButtonProps={{ "aria-label": COMMON.close }}
    >
      <div className={classes["form"]}>
        <p className={classes["text"]}>{INVITE.link_text(made?.email ?? "")}</p>
        <code className={classes["link"]}>{link}</code>
        <div className={classes["buttons"]}>
          <CopyButton size="sm" text={link} what={INVITE.link} />
          <Button onClick={onDone}>{INVITE.done}</Button>
        </div>
      </div>
    </Modal>
  );
}
