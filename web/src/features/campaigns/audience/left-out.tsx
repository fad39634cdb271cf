import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconFileMinus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import common from "../../../ui/form-blocks.module.css";
import { campaignKey, type Draft } from "../model/model.ts";
import { LEFT_OUT } from "../wizard-texts.ts";
import { PasteDialog } from "./paste-dialog.tsx";

/** Numbers that are left out one by one: from a CSV, pasted, or by the API. */
export function LeftOut({ draft: { campaign } }: { draft: Draft }) {
  const { id, excluded_numbers } = campaign;
  const client = useQueryClient();
  const [open, setOpen] = useState<"paste" | "remove" | null>(null);
  const again = async () => {
    await client.invalidateQueries({ queryKey: campaignKey(id) });
    await client.invalidateQueries({ queryKey: ["campaign-reach", id] });
  };
  const clear = useAction({
    mutationFn: () => call("DELETE /api/v1/campaigns/:id/exclusions", { params: { id } }),
    onSuccess: () => setOpen(null),
    onError: (error) => toast("bad", LEFT_OUT.not_removed, wordsOf(error)),
    onSettled: again,
  });
  return (
    <>
      <div className={common["line"]}>
        {excluded_numbers > 0 && (
          <div className={common["chosen"]}>
            <b>{LEFT_OUT.people(excluded_numbers)}</b>
          </div>
        )}
        {excluded_numbers > 0 && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setOpen("remove")}
          >
            {LEFT_OUT.remove}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconFileMinus size={16} aria-hidden />}
          onClick={() => setOpen("paste")}
        >
          {LEFT_OUT.paste}
        </Button>
      </div>
      {open === "paste" && (
        <PasteDialog kind="exclude" campaign_id={id} onAdded={again} onClose={() => setOpen(null)} />
      )}
      <Confirm
        opened={open === "remove"}
        danger
        title={LEFT_OUT.ask_remove(excluded_numbers)}
        yes={LEFT_OUT.remove}
        loading={clear.isPending}
        onYes={() => clear.mutate()}
        onClose={() => setOpen(null)}
      >
        <p>{LEFT_OUT.remove_text}</p>
      </Confirm>
    </>
  );
}
