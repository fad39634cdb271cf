import { Button } from "@mantine/core";
import { IconDeviceFloppy, IconSend, IconTrash } from "@tabler/icons-react";
import type { Draft } from "./queries.ts";
import { EDITOR } from "./texts.ts";
import type { useDraftActions } from "./use-draft-actions.ts";

/** It will change a template that there is. */
export const isEdit = (draft: Draft | null): boolean => draft !== null && draft.edits !== null;

/** What can be done with what was written. */
export function EditorButtons({
  draft,
  dirty,
  actions: { save, submit, discard },
  onDiscard,
  onSubmit,
}: {
  draft: Draft | null;
  dirty: boolean;
  actions: ReturnType<typeof useDraftActions>;
  onDiscard: () => void;
  onSubmit: () => void;
}) {
  const busy = save.isPending || submit.isPending || discard.isPending;
  return (
    <>
      {draft && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          disabled={busy}
          onClick={onDiscard}
        >
          {EDITOR.discard}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconDeviceFloppy size={16} aria-hidden />}
        loading={save.isPending}
        disabled={busy || (!dirty && draft !== null)}
        onClick={() => save.mutate()}
      >
        {EDITOR.save}
      </Button>
      <Button
        leftSection={<IconSend size={16} aria-hidden />}
        loading={submit.isPending}
        disabled={busy}
        onClick={onSubmit}
      >
        {isEdit(draft) ? EDITOR.resubmit : EDITOR.submit}
      </Button>
    </>
  );
}
