import { Button, Checkbox, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { IconKey } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { CHECK, SECRET_VARIABLE } from "./snippets.ts";
import { SECRET_DIALOG } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./signing.module.css";

export interface ShownSecret {
  secret: string;
  /** Prepared: it can be tested, but the old one still signs. */
  kind: "new" | "rotated" | "prepared";
}

/** Shows a secret, the only time. It closes when one says that it is stored, and in no other way. */
export function SecretDialog({
  shown,
  replaced = false,
  onDone,
}: {
  shown: ShownSecret | null;
  /** Someone has made another one while this one was shown. */
  replaced?: boolean;
  onDone: () => void;
}) {
  return (
    <Modal
      opened={shown !== null}
      onClose={() => {}}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      centered
      size={580}
      title={shown && SECRET_DIALOG.titles[shown.kind]}
    >
      {shown && <Secret shown={shown} replaced={replaced} onDone={onDone} />}
    </Modal>
  );
}

function Secret({
  shown: { secret, kind },
  replaced,
  onDone,
}: {
  shown: ShownSecret;
  replaced: boolean;
  onDone: () => void;
}) {
  const [stored, setStored] = useState(false);
  // Neither the Back button nor a reload takes it away unasked.
  useBlocker({ shouldBlockFn: () => true, enableBeforeUnload: true });
  const env = `${SECRET_VARIABLE}=${secret}`;
  return (
    <div className={classes["secret"]}>
      <p>{SECRET_DIALOG.leads[kind]}</p>
      <div role="alert">{replaced && <p className={classes["wrong"]}>{SECRET_DIALOG.replaced}</p>}</div>
      <Copied text={secret} what={SECRET_DIALOG.the_secret} testid="secret" />
      <Part title={SECRET_DIALOG.env}>
        <Copied text={env} what={SECRET_DIALOG.the_env} />
      </Part>
      <Part title={SECRET_DIALOG.keys}>
        <ul>
          <li>
            <code>X-Hub-Signature-256</code>: {SECRET_DIALOG.whole} <code>whsec_</code>
          </li>
          <li>
            <code>webhook-signature</code>: {SECRET_DIALOG.decoded} <code>whsec_</code>,{" "}
            {SECRET_DIALOG.decoded_end}
          </li>
        </ul>
      </Part>
      <Part title={SECRET_DIALOG.check}>
        <pre>
          <code>{CHECK}</code>
        </pre>
        <small>{SECRET_DIALOG.check_note}</small>
      </Part>
      <p className={classes["once"]}>
        <IconKey size={18} aria-hidden />
        <span>
          <b>{SECRET_DIALOG.once}</b> {SECRET_DIALOG.once_why} {SECRET_DIALOG.lost[kind]}
        </span>
      </p>
      <Checkbox
        label={SECRET_DIALOG.stored}
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <div className={shared["buttons"]}>
        <Button disabled={!stored} onClick={onDone}>
          {SECRET_DIALOG.done}
        </Button>
      </div>
    </div>
  );
}

function Copied({ text, what, testid }: { text: string; what: string; testid?: string }) {
  return (
    <div className={shared["reveal"]}>
      <code data-testid={testid}>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes["part"]}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
