import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import classes from "./sheet.module.css";
import { texts } from "../texts.ts";

/** Comes up from the bottom of the phone's screen; what is below it is out of reach meanwhile. */
export function Sheet({
  title,
  dirty = false,
  onClose,
  children,
}: {
  title: string;
  /** Something was filled in: it is asked before that is lost. */
  dirty?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  // Before the screen below is inert, and with it without focus.
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>("[data-autofocus], :is(input, textarea)");
    (first ?? box.current)?.focus();
    return () => (opener instanceof HTMLElement ? opener.focus() : undefined);
  }, [opener]);
  const [asking, setAsking] = useState(false);
  const leave = () => (dirty ? setAsking(true) : onClose());
  const close = (event: KeyboardEvent) => {
    if (!event.defaultPrevented) return asking ? setAsking(false) : leave();
  };
  // Wherever the focus is: what had it may be gone.
  useHotkeys([["Escape", close, { preventDefault: false }]], []);
  return (
    <>
      <div className={classes["shade"]} onClick={leave} aria-hidden />
      <div ref={box} className={classes["sheet"]} role="dialog" aria-label={title} tabIndex={-1}>
        <header>
          <h2>{title}</h2>
          <button type="button" aria-label={texts.sheet.close} onClick={leave}>
            <IconX size={18} />
          </button>
        </header>
        {asking && (
          <div className={classes["asking"]} role="alert">
            <p>{texts.sheet.keep}</p>
            <Button size="xs" variant="default" autoFocus onClick={() => setAsking(false)}>
              {texts.sheet.keep_no}
            </Button>
            <Button size="xs" color="red" onClick={onClose}>
              {texts.sheet.keep_yes}
            </Button>
          </div>
        )}
        {children}
      </div>
    </>
  );
}
