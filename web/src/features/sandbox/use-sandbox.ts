import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { call } from "../../lib/api.ts";
import { withOwnReactions } from "../../lib/message.ts";
import { digits } from "../../lib/people.ts";
import { conversationsQuery, messagesQuery, queryClient } from "../../lib/queries.ts";
import type { Message, Persona, SandboxMessage } from "../../lib/types.ts";

/** What the customer did, and how the webhook was answered. */
export interface Delivery {
  state: "sending" | "answered" | "failed";
  status: number | null;
  duration_ms: number;
  problem: string | null;
}
export type Play = Omit<SandboxMessage, "from" | "profile_name" | "phone_number_id">;
interface SentPlay {
  key: string;
  /** Whose phone: `persona number`. */
  phone: string;
  /** The message that it made, or that it changed. */
  wamid: string | null;
  draft: Message | null;
  play: Play;
  delivery: Delivery;
}

let count = 0;

/** The customer's side: what the phone shows, and how it sends. */
export function useSandbox(persona: Persona | undefined, phone_number_id: string | undefined) {
  const [sent, setSent] = useState<SentPlay[]>([]);
  const phone = `${persona?.wa_id} ${phone_number_id}`;
  const conversation = useConversationOf(persona, phone_number_id);
  const messages = useInfiniteQuery({
    ...messagesQuery(conversation?.id ?? ""),
    enabled: conversation !== undefined,
  });
  // What failed, or is not with Meta yet, never reached the customer.
  const arrived = useMemo(
    () =>
      withOwnReactions((messages.data?.pages ?? []).flatMap((page) => page.data).toReversed()).filter(
        (message) => message.wamid !== null && message.status !== "FAILED",
      ),
    [messages.data],
  );
  const mine = useMemo(() => sent.filter((each) => each.phone === phone), [sent, phone]);
  const shown = useMemo(() => {
    const known = new Set(arrived.map((message) => message.wamid));
    const waiting = mine.flatMap((each) => (each.draft && !known.has(each.wamid) ? [each.draft] : []));
    return [...arrived, ...waiting];
  }, [arrived, mine]);
  const deliveries = useMemo(() => {
    const found = new Map<string, SentPlay>();
    for (const each of mine) found.set(each.wamid ?? each.key, each);
    return found;
  }, [mine]);

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
          state: "answered",
          status: answer.status,
          duration_ms: answer.duration_ms,
          problem: null,
        },
      });
      // The live feed brings it too; a stream that is down must not leave the phone waiting.
      if (conversation) void queryClient.invalidateQueries({ queryKey: ["messages", conversation.id] });
      else void queryClient.invalidateQueries({ queryKey: ["conversations"] });
    } catch (error) {
      patch({
        delivery: {
          state: "failed",
          status: null,
          duration_ms: 0,
          problem: error instanceof Error ? error.message : "",
        },
      });
    }
  };

  const send = (play: Play) => {
    const key = `draft-${(count += 1)}`;
    const target = play.reaction?.message_id ?? play.edit?.message_id ?? play.revoke ?? null;
    const entry: SentPlay = {
      key,
      phone,
      wamid: target,
      draft: target === null ? draftOf(key, play, shown) : null,
      play,
      delivery: { state: "sending", status: null, duration_ms: 0, problem: null },
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
  return { conversation, messages: shown, deliveries, loading: messages.isLoading, send, again };
}

function useConversationOf(persona: Persona | undefined, phone_number_id: string | undefined) {
  const { data } = useInfiniteQuery({
    ...conversationsQuery({ search: persona?.wa_id ?? "" }),
    enabled: persona !== undefined,
  });
  return useMemo(() => {
    const rows = (data?.pages ?? [])
      .flatMap((page) => page.data)
      .filter((row) => row.phone_number.phone_number_id === phone_number_id);
    return (
      rows.find((row) => digits(row.contact.phone) === persona?.wa_id) ??
      (rows.length === 1 ? rows[0] : undefined)
    );
  }, [data, persona?.wa_id, phone_number_id]);
}

/** How the message looks on the sender's phone before the business has it. */
function draftOf(key: string, play: Play, shown: Message[]): Message {
  const quoted = play.context_wamid
    ? shown.find((message) => message.wamid === play.context_wamid)
    : undefined;
  const now = new Date().toISOString();
  const type = play.location ? "location" : play.button ? "button" : "text";
  const part = play.location ?? play.button ?? {};
  return {
    id: key,
    conversation_id: "",
    direction: "INBOUND",
    source: "CUSTOMER",
    type,
    wamid: null,
    text: play.text ?? play.button?.text ?? null,
    content: type === "text" ? {} : { [type]: part },
    author: null,
    context: quoted?.wamid
      ? {
          wamid: quoted.wamid,
          message_id: quoted.id,
          text: quoted.text,
          type: quoted.type,
          direction: quoted.direction,
        }
      : null,
    reactions: [],
    edited_at: null,
    revoked_at: null,
    status: null,
    delivered_at: null,
    read_at: null,
    played_at: null,
    pricing: null,
    billed_to: null,
    failed_at: null,
    error: null,
    send: null,
    media: null,
    sent_at: now,
    received_at: now,
  };
}
