import { Button, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { ConnectionForm, type Entered } from "./connection-form.tsx";
import { type Connection, connectionsQuery, explain } from "./queries.ts";
import { EDIT } from "./texts.ts";

export function EditDialog({
  connection,
  opened,
  onClose,
}: {
  connection: Connection;
  opened: boolean;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const save = useAction({
    mutationFn: ({ name, app_id, access_token, verify_token }: Entered) =>
      call("PATCH /api/v1/connections/:id", {
        params: { id: connection.id },
        body: {
          name,
          app_id: app_id === "" ? null : app_id,
          ...(access_token === "" ? {} : { access_token }),
          ...(verify_token === "" ? {} : { verify_token }),
        },
      }),
    onSuccess: async () => {
      onClose();
      toast("good", EDIT.saved, EDIT.saved_text);
      await client.invalidateQueries({ queryKey: connectionsQuery.queryKey });
    },
  });
  const close = () => {
    save.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={EDIT.title(connection.name)}
      centered
      size={520}
      closeButtonProps={{ "aria-label": EDIT.close }}
    >
      <ConnectionForm
        connection={connection}
        error={save.error && explain(save.error)}
        loading={save.isPending}
        submit={EDIT.save}
        buttons={
          <Button variant="default" onClick={close}>
            {EDIT.cancel}
          </Button>
        }
        onSubmit={(entered) => save.mutate(entered)}
      />
    </Modal>
  );
}
