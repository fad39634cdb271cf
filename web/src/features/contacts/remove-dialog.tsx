import { useQuery } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { wordsOf } from "../../lib/server/api.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { usesQuery } from "./queries.ts";
import { NAMING, USES } from "./texts.ts";

/** Says what a deletion touches, and what uses it, before it happens. */
export function RemoveDialog({
  kind,
  id,
  name,
  title,
  text,
  remove,
  onClose,
}: {
  kind: "tag" | "list" | "segment" | "field";
  id: string;
  name: string;
  title: string;
  text: string;
  remove: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { data: uses } = useQuery(usesQuery(kind, id));
  const removal = useAction({
    mutationFn: remove,
    onSuccess: () => {
      toast("good", NAMING.deleted, NAMING.is_gone(name));
      onClose();
    },
    onError: (error) => toast("bad", NAMING.not_deleted, wordsOf(error)),
  });
  const names = (all: readonly { name: string }[]) => all.map((one) => `“${one.name}”`).join(", ");
  return (
    <Confirm
      opened
      danger
      title={title}
      yes={NAMING.remove}
      loading={removal.isPending}
      onYes={() => removal.mutate()}
      onClose={onClose}
    >
      <p>{text}</p>
      {uses === undefined ? (
        <p>{USES.checking}</p>
      ) : (
        <>
          {uses.segments.length > 0 && <p>{USES.segments(names(uses.segments))}</p>}
          {uses.campaigns.length > 0 && <p>{USES.campaigns(names(uses.campaigns))}</p>}
          {uses.automations.length > 0 && (
            <p>
              {USES.automations(
                names(uses.automations),
                uses.automations.some(({ state }) => state === "ACTIVE"),
              )}
            </p>
          )}
          {uses.segments.length + uses.campaigns.length + uses.automations.length === 0 && (
            <p>{USES.nothing}</p>
          )}
        </>
      )}
    </Confirm>
  );
}
