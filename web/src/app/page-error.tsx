import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { ApiProblem } from "../lib/server/api.ts";
import { whenReachable } from "../lib/page/reachable.ts";
import { useTitle } from "../lib/page/title.ts";
import { Failure } from "../ui/page-state.tsx";
import { PAGE } from "./texts.ts";

/** In a page's place, inside the shell. When only the line was away the page comes back by itself. */
export function PageError({ error }: ErrorComponentProps) {
  useTitle(PAGE.failed);
  const router = useRouter();
  const is_away = error instanceof ApiProblem && (error.status === 0 || error.status >= 502);
  useEffect(() => {
    if (!is_away) return;
    let waits = true;
    const comeBack = async () => {
      await whenReachable();
      if (waits) await router.invalidate();
    };
    void comeBack();
    return () => {
      waits = false;
    };
  }, [is_away, router]);
  return (
    <Failure
      error={error instanceof ApiProblem ? error : new Error(PAGE.stopped)}
      retry={() => (error instanceof ApiProblem ? void router.invalidate() : location.reload())}
    />
  );
}
