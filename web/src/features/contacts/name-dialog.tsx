import { Button, Modal, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem, wordsOf } from "../../lib/server/api.ts";
import classes from "./contacts.module.css";
import { CANCEL, NAMING, NOT_SAVED, SAVE } from "./texts.ts";

/** Makes a thing that has a name, or changes it; what else it has stands below the name. */
export function NameDialog({
  title,
  name: first,
  maxLength,
  ready = true,
  save,
  onClose,
  children,
}: {
  title: string;
  /** Empty: it is new. */
  name: string;
  maxLength: number;
  ready?: boolean;
  save: (name: string) => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [name, setName] = useState(first);
  const [wrong, setWrong] = useState<string | null>(null);
  const saving = useAction({
    mutationFn: () => save(name.trim()),
    onSuccess: () => {
      toast("good", first === "" ? NAMING.made : NAMING.saved, NAMING.is_there(name.trim()));
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === "NAME_TAKEN") setWrong(wordsOf(error));
      else toast("bad", NOT_SAVED, wordsOf(error));
    },
  });
  return (
    <Modal opened onClose={onClose} title={title} centered size={460}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <TextInput
          data-autofocus
          required
          label={NAMING.name}
          maxLength={maxLength}
          error={wrong}
          value={name}
          onChange={({ currentTarget: { value } }) => {
            setName(value);
            setWrong(null);
          }}
        />
        {children}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {CANCEL}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={name.trim() === "" || !ready}>
            {SAVE}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
