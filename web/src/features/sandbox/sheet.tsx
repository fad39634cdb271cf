import { IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from "react";
import classes from "./sheet.module.css";

/** Comes up from the bottom of the phone's screen; what is below it is out of reach meanwhile. */
export function Sheet({
  title,
  onClose,
  children,
}: {
  title: string;
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
  const close = useEffectEvent(onClose);
  // Wherever the focus is: what had it may be gone.
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, []);
  return (
    <>
      <div className={classes["shade"]} onClick={onClose} aria-hidden />
      <div ref={box} className={classes["sheet"]} role="dialog" aria-label={title} tabIndex={-1}>
        <header>
          <h2>{title}</h2>
          <button type="button" aria-label="Close" onClick={onClose}>
            <IconX size={18} />
          </button>
        </header>
        {children}
      </div>
    </>
  );
}
