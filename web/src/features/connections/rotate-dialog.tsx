import { Button, Modal, NativeSelect, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import classes from "./connections.module.css";
import { type Connection, connectionsQuery, explain } from "./queries.ts";
import { EDIT, ROTATE } from "./texts.ts";

const LEAST = 8;

export function RotateDialog(props: { connection: Connection; opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={ROTATE.title}
      centered
      size={480}
      closeButtonProps={{ "aria-label": EDIT.close }}
    >
      <Form {...props} />
    </Modal>
  );
}

function Form({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const client = useQueryClient();
  const [app_secret, setSecret] = useState("");
  const [hours, setHours] = useState("24");
  const rotate = useAction({
    mutationFn: () =>
      call("POST /api/v1/connections/:id/rotate-app-secret", {
        params: { id: connection.id },
        body: { app_secret: app_secret.trim(), keep_hours: Number(hours) },
      }),
    onSuccess: async () => {
      onClose();
      toast("good", ROTATE.done, ROTATE.done_text);
      await client.invalidateQueries({ queryKey: connectionsQuery.queryKey });
    },
  });
  const whole = app_secret.trim().length >= LEAST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) rotate.mutate();
  };
  return (
    <form className={classes["form"]} onSubmit={submit}>
      <p className={classes["quiet"]}>{ROTATE.lead}</p>
      {rotate.error && (
        <p className={classes["wrong"]} role="alert">
          {explain(rotate.error)}
        </p>
      )}
      <PasswordInput
        label={ROTATE.secret}
        autoComplete="off"
        data-autofocus
        value={app_secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      <NativeSelect
        label={ROTATE.keep}
        data={ROTATE.options}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {EDIT.cancel}
        </Button>
        <Button type="submit" disabled={!whole} loading={rotate.isPending}>
          {ROTATE.submit}
        </Button>
      </div>
    </form>
  );
}
