import { Button, Checkbox, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { Code } from "../../ui/code.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import type { NewApiKey } from "./queries.ts";
import classes from "./settings.module.css";
import { NEW_KEY } from "./texts.ts";

/** Shows a key, the only time. It closes when one says that it is stored, and in no other way. */
export function NewKeyDialog({ made, onDone }: { made: NewApiKey | null; onDone: () => void }) {
  return (
    <Modal
      opened={made !== null}
      onClose={() => {}}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      centered
      size={560}
      title={NEW_KEY.title}
    >
      {made && <Key value={made.key} onDone={onDone} />}
    </Modal>
  );
}

function Key({ value, onDone }: { value: string; onDone: () => void }) {
  const [stored, setStored] = useState(false);
  // Neither the Back button nor a reload takes it away unasked.
  useBlocker({ shouldBlockFn: () => true, enableBeforeUnload: true });
  const curl = `curl -H "Authorization: Bearer ${value}" ${location.origin}/api/v1/me`;
  return (
    <div className={classes["form"]} data-wide>
      <div className={classes["reveal"]}>
        <code>{value}</code>
        <CopyButton text={value} what={NEW_KEY.copy} />
      </div>
      <p className={classes["once"]}>
        <IconKey size={18} aria-hidden />
        {NEW_KEY.once}
      </p>
      <div>
        <div className={classes["bar"]}>
          <h3>{NEW_KEY.test}</h3>
          <CopyButton text={curl} what={NEW_KEY.copy_curl} />
        </div>
        <Code compact wrap aria-label={NEW_KEY.test}>
          {curl}
        </Code>
      </div>
      <Checkbox
        label={NEW_KEY.stored}
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <div className={classes["buttons"]}>
        <Button disabled={!stored} onClick={onDone}>
          {NEW_KEY.done}
        </Button>
      </div>
    </div>
  );
}
