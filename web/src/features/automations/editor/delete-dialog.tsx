import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import type { Automation } from "../model/model.ts";
import { DELETE } from "../texts.ts";

/** One that takes people in, or has some inside, can't be deleted: it says what to do first. */
export function DeleteDialog({
  automation: { id, name, state, counts },
  onClose,
}: {
  automation: Automation;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const blocked = state === "ACTIVE" || counts.active > 0;
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/automations/:id", { params: { id } }),
    onSuccess: async () => {
      toast("good", DELETE.done, name);
      void client.invalidateQueries({ queryKey: ["automations"] });
      await navigate({ to: "/automations", search: {} });
    },
    onError: (error) => toast("bad", DELETE.failed, wordsOf(error)),
  });
  return (
    <Confirm
      opened
      danger
      title={DELETE.title(name)}
      yes={DELETE.yes}
      loading={remove.isPending}
      disabled={blocked}
      onYes={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{blocked ? DELETE.blocked : DELETE.text}</p>
    </Confirm>
  );
}
