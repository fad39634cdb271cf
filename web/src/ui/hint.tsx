import { useWindowEvent } from "@mantine/hooks";
import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import classes from "./hint.module.css";

const DELAY_MS = 250;
/** On its way from the target to the words a pointer is over neither. */
const CROSSING_MS = 150;
const GAP_PX = 7;

/** What the child's element has to take: `Hint` lays its own on it. */
interface Target {
  ref?: (element: HTMLElement | null) => void;
  "aria-describedby"?: string | undefined;
}

/**
 * A few words more, under the pointer or at the focus; they stay while the pointer is over them (WCAG 1.4.13). For what the
 * pages can do without on a touch screen. Our own: Mantine's Tooltip would come with each page's first load.
 */
export function Hint({ label, children }: { label: ReactNode; children: ReactElement<Target> }) {
  const id = useId();
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!target) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (event: PointerEvent) => {
      if (event.pointerType !== "touch") timer = setTimeout(() => setShown(true), DELAY_MS);
    };
    const focused = () => setShown(target.matches(":focus-visible"));
    const away = () => {
      clearTimeout(timer);
      setShown(false);
    };
    const left = () => {
      clearTimeout(timer);
      timer = setTimeout(() => document.querySelector(`[id="${id}"]:hover`) ?? setShown(false), CROSSING_MS);
    };
    target.addEventListener("pointerenter", soon);
    target.addEventListener("pointerleave", left);
    target.addEventListener("focus", focused);
    for (const name of ["pointerdown", "blur"]) target.addEventListener(name, away);
    return () => {
      away();
      target.removeEventListener("pointerenter", soon);
      target.removeEventListener("pointerleave", left);
      target.removeEventListener("focus", focused);
      for (const name of ["pointerdown", "blur"]) target.removeEventListener(name, away);
    };
  }, [target, id]);
  const hide = () => setShown(false);
  return (
    <>
      {cloneElement(children, { ref: setTarget, "aria-describedby": shown ? id : undefined })}
      {shown &&
        target &&
        createPortal(<Words id={id} target={target} label={label} hide={hide} />, document.body)}
    </>
  );
}

/** Above its target where there is room, else below; always inside the window. */
function Words({
  id,
  target,
  label,
  hide,
}: {
  id: string;
  target: HTMLElement;
  label: ReactNode;
  hide: () => void;
}) {
  // Wherever the focus is, as the pointer may have brought them.
  useWindowEvent("keydown", ({ key }) => key === "Escape" && hide());
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const at = target.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = element;
    const above = at.top - height - GAP_PX;
    const left = Math.min(Math.max(at.left + at.width / 2 - width / 2, 8), innerWidth - width - 8);
    element.style.left = `${left}px`;
    element.style.top = `${above >= 8 ? above : at.bottom + GAP_PX}px`;
  });
  return (
    <div ref={box} id={id} role="tooltip" className={classes["hint"]} onPointerLeave={hide}>
      {label}
    </div>
  );
}
