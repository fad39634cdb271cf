import { useEffect } from "react";
import { isolate } from "../words/isolate.ts";

let parts: readonly string[] = [];
let count = 0;

function write(): void {
  document.title = `${count > 0 ? `(${count}) ` : ""}${[...parts.map(isolate), "Wharf"].join(" · ")}`;
}

/** `useTitle("Sheena Nelson", "Inbox")` is `Sheena Nelson · Inbox · Wharf`; a part that is not known yet is left out. */
export function useTitle(...wanted: (string | null | undefined)[]): void {
  const title = wanted.filter(Boolean).join("\n");
  useEffect(() => {
    parts = title === "" ? [] : title.split("\n");
    write();
    return () => {
      parts = [];
      write();
    };
  }, [title]);
}

/** Before the title of whichever page is open: conversations that wait for an agent. */
export function useTitleCount(wanted: number): void {
  useEffect(() => {
    count = wanted;
    write();
    return () => {
      count = 0;
      write();
    };
  }, [wanted]);
}
