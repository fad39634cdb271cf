import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import type { Import } from "./queries.ts";
import { OUTCOME, STEPS } from "./texts.ts";

export function DeleteButton({
  imported: { id },
  variant,
  icon,
  children,
}: {
  imported: Import;
  variant: "subtle" | "default";
  icon: ReactNode;
  children: string;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const remove = useAction({
    mutationFn: () => call("DELETE /api/v1/imports/:id", { params: { id } }),
    onSuccess: async () => {
      toast("good", STEPS.deleted, STEPS.deleted_text);
      await navigate({ to: "/contacts/imports" });
      await client.invalidateQueries({ queryKey: ["imports"] });
    },
    onError: (error) => toast("bad", STEPS.failed, wordsOf(error)),
    onSettled: () => setAsked(false),
  });
  return (
    <>
      <Button variant={variant} color="gray" leftSection={icon} onClick={() => setAsked(true)}>
        {children}
      </Button>
      <Confirm
        opened={asked}
        title={STEPS.ask}
        yes={OUTCOME.delete}
        danger
        loading={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={() => setAsked(false)}
      >
        <p>{STEPS.ask_text}</p>
      </Confirm>
    </>
  );
}
