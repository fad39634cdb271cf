import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { startOutbox } from "../conversation/outbox/outbox.ts";
import { startLive } from "../lib/live/live.ts";
import { keepFocus } from "../lib/page/kept-focus.ts";
import { reloadPage } from "../lib/page/reload.ts";
import { watchSession } from "../lib/page/session.ts";
import { actAs } from "../lib/server/api.ts";
import { queryClient } from "../lib/server/queries.ts";
import type { Me } from "../lib/types.ts";

/** What runs while one is signed in: the live feed, the outbox, and the watch for who else signs in or out. */
export function useSignedIn(me: Me): void {
  const navigate = useNavigate();
  const cursor = useRef(me.live_cursor);
  const live = useRef<ReturnType<typeof startLive> | null>(null);
  useEffect(() => {
    const started = (live.current = startLive(queryClient, cursor.current));
    return () => started.stop();
  }, []);
  useEffect(keepFocus, []);
  const user_id = me.user?.id;
  useEffect(() => {
    if (user_id === undefined) return;
    actAs(user_id);
    const outbox = startOutbox(user_id);
    return () => {
      outbox.stop();
      actAs(null);
    };
  }, [user_id]);
  const [shown_to] = useState(user_id);
  useEffect(() => {
    // Someone else has signed in from this browser: nothing of the one before stays on the screen.
    if (user_id !== shown_to) reloadPage();
  }, [user_id, shown_to]);
  useEffect(
    () =>
      watchSession((change) => {
        // As who is seen by the answer to "me"; the same user goes on where this page is.
        if (change === "signed-in") {
          live.current?.retry();
          return void queryClient.invalidateQueries();
        }
        queryClient.clear();
        void navigate({ to: "/sign-in", search: { next: location.pathname + location.search } });
      }),
    [navigate],
  );
}
