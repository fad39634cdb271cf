import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { toast } from "../../lib/page/toast.ts";
import classes from "./connections.module.css";
import { explain } from "./queries.ts";
import { EDIT, OVERRIDE } from "./texts.ts";

interface Override {
  callback_url: string | null;
  verify_token?: string;
}
interface Props {
  /** Where they go now; null: to the app's callback URL, or it isn't known. */
  url?: string | null;
  onSave: (override: Override) => Promise<unknown>;
  onClose: () => void;
}

/** Where the webhooks of an account's, or a number's, messages go. */
export function OverrideDialog({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title={OVERRIDE.title}
      centered
      size={500}
      closeButtonProps={{ "aria-label": EDIT.close }}
    >
      <Form {...props} />
    </Modal>
  );
}

function Form({ url: before = null, onSave, onClose }: Props) {
  const [url, setUrl] = useState(before ?? "");
  const [token, setToken] = useState("");
  const given = url.trim();
  const whole = given === "" || (URL.canParse(given) && /^https?:/.test(given) && given.length <= 200);
  const save = useAction({
    mutationFn: () =>
      onSave({
        callback_url: given === "" ? null : given,
        ...(token.trim() === "" ? {} : { verify_token: token.trim() }),
      }),
    onSuccess: () => {
      onClose();
      toast("good", OVERRIDE.saved, OVERRIDE.saved_text);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) save.mutate();
  };
  return (
    <form className={classes["form"]} onSubmit={submit} noValidate>
      <p className={classes["quiet"]}>{OVERRIDE.lead}</p>
      {save.error && (
        <p className={classes["wrong"]} role="alert">
          {explain(save.error)}
        </p>
      )}
      <TextInput
        label={OVERRIDE.url}
        description={OVERRIDE.url_hint}
        type="url"
        maxLength={200}
        data-autofocus
        autoComplete="off"
        error={whole ? null : OVERRIDE.url_wrong}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {given !== "" && (
        <TextInput
          label={OVERRIDE.token}
          description={OVERRIDE.token_hint}
          maxLength={200}
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {EDIT.cancel}
        </Button>
        <Button type="submit" disabled={!whole} loading={save.isPending}>
          {OVERRIDE.submit}
        </Button>
      </div>
    </form>
  );
}
