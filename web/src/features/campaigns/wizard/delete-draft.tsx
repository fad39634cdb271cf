import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { type Campaign, campaignKey } from "../model/model.ts";
import { WIZARD } from "../wizard-texts.ts";

/** Throws a draft away, with the people who were added to it. */
export function DeleteDraft({ campaign: { id, name, added } }: { campaign: Campaign }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/campaigns/:id", { params: { id } }),
    onSuccess: async () => {
      toast("good", WIZARD.deleted, name);
      await navigate({ to: "/campaigns" });
      client.removeQueries({ queryKey: campaignKey(id) });
      void client.invalidateQueries({ queryKey: ["campaigns"] });
    },
    onError: (error) => toast("bad", WIZARD.not_deleted, wordsOf(error)),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {WIZARD.delete}
      </Button>
      <Confirm
        opened={asking}
        danger
        title={WIZARD.ask_delete}
        yes={WIZARD.delete}
        loading={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p dir="auto">{name}</p>
        {added > 0 && <p>{WIZARD.delete_added(added)}</p>}
      </Confirm>
    </>
  );
}
