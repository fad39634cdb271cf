import { Button, Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import classes from "./contacts.module.css";
import { CONTACTS } from "./queries.ts";
import { CANCEL, NEW } from "./texts.ts";

/** Adds someone by their number; one who is there already is opened instead. */
export function NewContactDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [phone, setPhone] = useState("");
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const add = useAction({
    mutationFn: () =>
      call("POST /api/v1/contacts", { body: { phone, ...(name.trim() ? { name: name.trim() } : {}) } }),
    onSuccess: ({ id, created }) => {
      toast(
        "good",
        created ? NEW.done : NEW.known,
        created ? NEW.done_text(name.trim() || phone) : NEW.known_text,
      );
      void client.invalidateQueries({ queryKey: [CONTACTS] });
      void navigate({ to: "/contacts/$contact_id", params: { contact_id: id } });
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === "NUMBER_INVALID") setWrong(wordsOf(error));
      else toast("bad", NEW.failed, wordsOf(error));
    },
  });
  return (
    <Modal opened onClose={onClose} title={NEW.title} centered size={460}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <TextInput
          data-autofocus
          required
          type="tel"
          label={NEW.phone}
          description={NEW.phone_hint}
          maxLength={40}
          error={wrong}
          value={phone}
          onChange={({ currentTarget: { value } }) => {
            setPhone(value);
            setWrong(null);
          }}
        />
        <TextInput
          label={NEW.name}
          maxLength={200}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {CANCEL}
          </Button>
          <Button type="submit" loading={add.isPending} disabled={phone.trim() === ""}>
            {NEW.yes}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
