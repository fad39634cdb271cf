import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

interface Typed {
  text: string;
  saved: string;
  save: (text: string) => void;
  typing: boolean;
}

/** Saves what is typed and not saved yet; answers whether there was any. */
function leaveField(last: RefObject<Typed>): boolean {
  const now = last.current;
  if (!now.typing) return false;
  last.current = { ...now, typing: false };
  const typed = now.text.trim();
  if (typed === now.saved.trim()) return false;
  now.save(typed);
  return true;
}

/**
 * A text that is saved by itself once one leaves its field, however one leaves: by Tab, by a click, by the way back of the
 * browser. What comes from the server meanwhile does not undo what is being typed.
 */
export function useTyped(saved: string, save: (text: string) => void) {
  const [text, setText] = useState(saved);
  const [shown, setShown] = useState(saved);
  const [typing, setTyping] = useState(false);
  if (shown !== saved && !typing) {
    setShown(saved);
    setText(saved);
  }
  const last = useRef<Typed>({ text, saved, save, typing });
  useLayoutEffect(() => {
    last.current = { text, saved, save, typing };
  }, [text, saved, save, typing]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (leaveField(last)) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      leaveField(last);
    };
  }, []);
  return {
    text,
    type: (typed: string) => {
      setTyping(true);
      setText(typed);
    },
    /** Back to what is saved. */
    undo: () => {
      setTyping(false);
      setText(saved);
    },
    leave: () => {
      leaveField(last);
      setTyping(false);
      setShown(saved);
    },
  };
}
