import { Button, Modal } from "@mantine/core";
import { wordsOf } from "../../../lib/server/api.ts";
import { Progress } from "../../../ui/progress.tsx";
import common from "../../../ui/form-blocks.module.css";
import { PasteFields } from "./paste-fields.tsx";
import { KINDS } from "./paste-kinds.ts";
import { PasteResult } from "./paste-result.tsx";
import { usePaste } from "./use-paste.ts";

/** Takes numbers that were copied from somewhere or stand in a file, and tells which were refused and why. */
export function PasteDialog({
  campaign_id,
  kind,
  onAdded,
  onClose,
}: {
  campaign_id: string;
  kind: keyof typeof KINDS;
  onAdded: () => Promise<void>;
  onClose: () => void;
}) {
  const of = KINDS[kind];
  const { texts, most } = of;
  const paste = usePaste(campaign_id, of, onAdded);
  const { people, add, done } = paste;
  const too_many = people.length > most;
  return (
    <Modal opened onClose={onClose} title={texts.paste} size={560}>
      <div className={common["dialog"]}>
        {add.data ? (
          <PasteResult outcome={add.data} texts={texts} />
        ) : (
          <>
            <PasteFields kind={of} paste={paste} />
            {(too_many || add.error) && (
              <p className={common["wrong"]} role="alert">
                {too_many ? texts.too_many(most) : wordsOf(add.error!)}
              </p>
            )}
            {add.isPending && <Progress label={texts.adding} done={done} total={people.length} />}
          </>
        )}
        <div className={common["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {add.data ? texts.close : texts.cancel}
          </Button>
          {!add.data && (
            <Button
              loading={add.isPending}
              disabled={people.length === 0 || too_many}
              onClick={() => add.mutate()}
            >
              {texts.add_people(people.length)}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
