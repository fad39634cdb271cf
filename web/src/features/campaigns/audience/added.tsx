import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconClipboardText, IconFileImport, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { campaignKey, type Draft } from "../model/model.ts";
import { AUDIENCE } from "../wizard-texts.ts";
import { PasteDialog } from "./paste-dialog.tsx";

/** People who were added one by one: pasted, from a CSV, or by the API. */
export function Added({ draft: { campaign } }: { draft: Draft }) {
  const { id, added, columns } = campaign;
  const client = useQueryClient();
  const [open, setOpen] = useState<"paste" | "remove" | null>(null);
  const again = () => client.invalidateQueries({ queryKey: campaignKey(id) });
  const clear = useAction({
    mutationFn: () => call("DELETE /api/v1/campaigns/:id/recipients", { params: { id } }),
    onSuccess: () => setOpen(null),
    onError: (error) => toast("bad", AUDIENCE.not_removed, wordsOf(error)),
    onSettled: again,
  });
  return (
    <Card className={common["block"]}>
      <h2>{AUDIENCE.added}</h2>
      <p className={common["hint"]}>{AUDIENCE.added_hint}</p>
      <div className={common["line"]}>
        <div className={common["chosen"]}>
          {added === 0 ? <small>{AUDIENCE.none_added}</small> : <b>{AUDIENCE.people(added)}</b>}
          {columns.length > 0 && <small dir="auto">{AUDIENCE.columns(columns.join(", "))}</small>}
        </div>
        {added > 0 && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setOpen("remove")}
          >
            {AUDIENCE.remove_added}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconFileImport size={16} aria-hidden />}
          renderRoot={(props) => (
            <Link
              to="/contacts/imports/$import_id"
              params={{ import_id: "new" }}
              search={{ campaign: id }}
              {...props}
            />
          )}
        >
          {AUDIENCE.csv}
        </Button>
        <Button
          variant="default"
          leftSection={<IconClipboardText size={16} aria-hidden />}
          onClick={() => setOpen("paste")}
        >
          {AUDIENCE.paste}
        </Button>
      </div>
      {open === "paste" && (
        <PasteDialog kind="include" campaign_id={id} onAdded={again} onClose={() => setOpen(null)} />
      )}
      <Confirm
        opened={open === "remove"}
        danger
        title={AUDIENCE.ask_remove(added)}
        yes={AUDIENCE.remove_added}
        loading={clear.isPending}
        onYes={() => clear.mutate()}
        onClose={() => setOpen(null)}
      >
        <p>{AUDIENCE.remove_text}</p>
      </Confirm>
    </Card>
  );
}
