import { Button, Modal } from "@mantine/core";
import { type ReactNode, useRef } from "react";
import classes from "./confirm.module.css";
import { CANCEL } from "./texts.ts";

/** Asks once more before something that can't be taken back, or has to be thought of. */
export function Confirm({
  opened,
  title,
  children,
  yes,
  no = CANCEL,
  danger = false,
  loading = false,
  disabled = false,
  onYes,
  onClose,
}: {
  opened: boolean;
  title: string;
  children: ReactNode;
  yes: string;
  no?: string;
  danger?: boolean;
  loading?: boolean;
  /** Not yet: something has to be filled in first. */
  disabled?: boolean;
  onYes: () => void;
  onClose: () => void;
}) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered size={460} withCloseButton={false}>
      <div className={classes["confirm"]}>
        {children}
        <div className={classes["buttons"]}>
          <Button ref={cancel} variant="default" data-autofocus onClick={onClose}>
            {no}
          </Button>
          <Button
            {...(danger ? { color: "red" } : {})}
            loading={loading}
            disabled={disabled}
            onClick={() => opened && onYes()}
          >
            {yes}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
