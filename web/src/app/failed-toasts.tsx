import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { watchFailedSends } from "../lib/live/failed-sends.ts";
import { conversationQuery, queryClient } from "../lib/server/queries.ts";
import { toast } from "../lib/page/toast.ts";
import { FAILED } from "./texts.ts";

/**
 * Tells of messages that failed, and leads there: the person who sent one, wherever that person is, and those who have
 * its conversation open and look elsewhere. Everyone else sees it in the list and its counts.
 */
export function FailedToasts(): null {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(
    () =>
      watchFailedSends(({ conversation_id, message_id, reason, mine }) => {
        const open = router.state.location.pathname === `/inbox/${conversation_id}`;
        if (!mine && !open) return;
        if (open && document.visibilityState === "visible") return;
        const tell = (name: string | null) =>
          toast("bad", FAILED.title(name), reason === "" ? FAILED.fallback : reason, {
            label: FAILED.see,
            run: () =>
              void navigate({
                to: "/inbox/$conversation_id",
                params: { conversation_id },
                search: message_id === null ? {} : { message: message_id },
              }),
          });
        queryClient.ensureQueryData(conversationQuery(conversation_id)).then(
          ({ contact }) => tell(contact.display_name),
          () => tell(null),
        );
      }),
    [navigate, router],
  );
  return null;
}
