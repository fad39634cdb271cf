import { useEffect, useRef } from "react";

/** Leads to a message that the address names, once the thread is there. */
export function useTarget(target: string | undefined, there: boolean, jump: (id: string) => void): void {
  const reached = useRef<string>(undefined);
  useEffect(() => {
    if (target !== undefined && !there) return;
    if (target !== undefined && reached.current !== target) jump(target);
    reached.current = target;
  }, [target, there, jump]);
}
