import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { call, wordsOf } from "../../lib/server/api.ts";
import { withOwnReactions } from "../../lib/words/message.ts";
import { digits } from "../../conversation/model/people.ts";
import { conversationsQuery, messagesQuery, queryClient } from "../../lib/server/queries.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Persona } from "../../lib/types.ts";
import { hasArrived } from "./arrived.ts";
import { draftOf } from "./draft.ts";
import type { Play, Preview } from "./plays.ts";
import { deliveriesOf, type SentPlay, shownOf, UNDER_WAY } from "./sent-plays.ts";
import { texts } from "./texts.ts";

let count = 0;

/** The customer's side: what the phone shows, and how it sends. */
export function useSandbox(
  persona: Persona | undefined,
  phone_number_id: string | undefined,
  /** They have another number from now on. */
  onMoved: (from: string, to: string) => void,
) {
  const [sent, setSent] = useState<SentPlay[]>([]);
  const previewOf = usePreviews();
  const phone = `${persona?.wa_id} ${phone_number_id}`;
  const { conversation, arrived, missing, loading } = useThreadWith(persona, phone_number_id);
  const mine = useMemo(() => sent.filter((each) => each.phone === phone), [sent, phone]);
  const shown = useMemo(() => shownOf(arrived, mine), [arrived, mine]);
  const deliveries = useMemo(() => deliveriesOf(arrived, mine), [arrived, mine]);

  const run = async (entry: SentPlay) => {
    if (!persona || !phone_number_id) return;
    const patch = (change: Partial<SentPlay>) =>
      setSent((all) => all.map((each) => (each.key === entry.key ? { ...each, ...change } : each)));
    try {
      const answer = await call("POST /api/v1/sandbox/messages", {
        body: { from: persona.wa_id, profile_name: persona.name, phone_number_id, ...entry.play },
      });
      patch({
        ...(entry.draft ? { wamid: answer.wamid, draft: { ...entry.draft, wamid: answer.wamid } } : {}),
        delivery: {
          ...UNDER_WAY,
          state: "answered",
          status: answer.status,
          duration_ms: answer.duration_ms,
          held: answer.held,
        },
      });
      if (entry.play.new_number !== undefined) onMoved(persona.wa_id, entry.play.new_number);
      // The live feed brings it too; a stream that is down must not leave the phone waiting.
      if (conversation) void queryClient.invalidateQueries({ queryKey: ["messages", conversation.id] });
      else void queryClient.invalidateQueries({ queryKey: ["conversations"] });
    } catch (error) {
      const problem = error instanceof Error ? wordsOf(error) : texts.not_through;
      // Where there is no message to say it at.
      if (entry.draft === null && entry.wamid === null) toast("bad", texts.not_sent, problem);
      patch({ delivery: { ...UNDER_WAY, state: "failed", problem } });
    }
  };

  const send = (play: Play, file?: File) => {
    const preview = file ? previewOf(file) : null;
    const key = `draft-${(count += 1)}`;
    const target = play.reaction?.message_id ?? play.edit?.message_id ?? play.revoke ?? null;
    const entry: SentPlay = {
      key,
      phone,
      wamid: target,
      draft: target === null ? draftOf(key, play, preview, shown) : null,
      preview,
      play,
      delivery: UNDER_WAY,
    };
    setSent((all) => [...all, entry]);
    void run(entry);
  };
  const again = (key: string) => {
    const entry = sent.find((each) => each.key === key);
    if (!entry) return;
    setSent((all) =>
      all.map((each) =>
        each.key === key ? { ...each, delivery: { ...each.delivery, state: "sending" } } : each,
      ),
    );
    void run(entry);
  };
  return {
    conversation,
    messages: shown,
    missing,
    deliveries,
    loading,
    send,
    again,
  };
}

/** Files of one's own, as URLs for as long as the page is there. */
function usePreviews() {
  const urls = useRef<string[]>([]);
  useEffect(() => {
    const made = urls.current;
    return () => made.splice(0).forEach((url) => URL.revokeObjectURL(url));
  }, []);
  return (file: File): Preview => {
    const url = URL.createObjectURL(file);
    urls.current.push(url);
    return { url, mime_type: file.type, filename: file.name, size_bytes: file.size };
  };
}

/** Their conversation with the number, and what of it the customer has. */
function useThreadWith(persona: Persona | undefined, phone_number_id: string | undefined) {
  const { conversation, isLooking } = useConversationOf(persona, phone_number_id);
  const messages = useInfiniteQuery({
    ...messagesQuery(conversation?.id ?? ""),
    enabled: conversation !== undefined,
  });
  const thread = useMemo(
    () => withOwnReactions((messages.data?.pages ?? []).flatMap((page) => page.data).toReversed()),
    [messages.data],
  );
  const arrived = useMemo(() => thread.filter(hasArrived), [thread]);
  const missing = useMemo(() => thread.filter((message) => !hasArrived(message)), [thread]);
  return { conversation, arrived, missing, loading: isLooking || messages.isLoading };
}

function useConversationOf(persona: Persona | undefined, phone_number_id: string | undefined) {
  const { data, isLoading } = useInfiniteQuery({
    ...conversationsQuery({ search: persona?.wa_id ?? "" }),
    enabled: persona !== undefined,
  });
  const conversation = useMemo(() => {
    const rows = (data?.pages ?? [])
      .flatMap((page) => page.data)
      .filter((row) => row.phone_number.phone_number_id === phone_number_id);
    return (
      rows.find((row) => digits(row.contact.phone) === persona?.wa_id) ??
      (rows.length === 1 ? rows[0] : undefined)
    );
  }, [data, persona?.wa_id, phone_number_id]);
  return { conversation, isLooking: persona === undefined || isLoading };
}
