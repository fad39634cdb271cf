import { Button, Checkbox, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./webhooks.module.css";

export interface ShownSecret {
  secret: string;
  /** Prepared: it can be tested, but the old one still signs. */
  kind: "new" | "rotated" | "prepared";
}
const TITLES = {
  new: "Your signing secret",
  rotated: "Your new signing secret",
  prepared: "The next signing secret",
};

/** Shows a secret, the only time. It closes when one says that it is stored, and in no other way. */
export function SecretDialog({ shown, onDone }: { shown: ShownSecret | null; onDone: () => void }) {
  return (
    <Modal
      opened={shown !== null}
      onClose={() => {}}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      centered
      size={540}
      title={shown && TITLES[shown.kind]}
    >
      {shown && <Secret shown={shown} onDone={onDone} />}
    </Modal>
  );
}

function Secret({ shown: { secret, kind }, onDone }: { shown: ShownSecret; onDone: () => void }) {
  const [stored, setStored] = useState(false);
  // Neither the Back button nor a reload takes it away unasked.
  useBlocker({ shouldBlockFn: () => true, enableBeforeUnload: true });
  return (
    <div className={classes["secret"]}>
      <p>
        {kind === "prepared"
          ? "Put it into your receiver, beside the one in use. It signs nothing yet but your tests; activate it when the receiver accepts both."
          : kind === "rotated"
            ? "The old secret has ended. Put this one into your receiver right away; until then its verification fails."
            : "Your receiver checks with it that a request comes from Wharf. Copy it to where your receiver reads its secrets."}
      </p>
      <div className={classes["reveal"]}>
        <code>{secret}</code>
        <CopyButton text={secret} what="the secret" />
      </div>
      <p className={classes["once"]}>
        <IconKey size={18} aria-hidden />
        <span>
          <b>It can&rsquo;t be shown again.</b> Wharf does not keep it: for each signature it is derived anew
          from a key that is not in the database. If it gets lost, rotate it.
        </span>
      </p>
      <Checkbox
        label="I have stored it"
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <div className={classes["buttons"]}>
        <Button disabled={!stored} onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
