import { useEffect, useSyncExternalStore } from "react";
import type { Saver, SaverState } from "./saver.ts";

/** How far the saving is. What is left when one leaves is saved then, and the browser asks before its window closes. */
export function useSaver<Form>(saver: Saver<Form>): SaverState<Form> {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (!saver.state().dirty) return;
      void saver.flush().catch(() => {});
      event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      void saver.flush().catch(() => {});
    };
  }, [saver]);
  return useSyncExternalStore(saver.subscribe, saver.state);
}

/** What has no name is not saved as such; the rest of it is. */
export function withoutEmptyName<Change extends { name?: string | undefined }>(change: Change): Change {
  const { name, ...others } = change;
  return (name === undefined || name.trim() === "" ? others : { ...others, name: name.trim() }) as Change;
}
