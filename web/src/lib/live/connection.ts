import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiProblem } from "../server/api.ts";
import { useLiveState } from "./live.ts";
import { meQuery } from "../server/queries.ts";

/** `live`, or why what one does now waits: the session has ended, or Wharf is being looked for, or can't be reached. */
export type Connection = "live" | "ended" | "reconnecting" | "offline";

/** A shorter interruption is not worth a word: every page begins with one. */
const WORTH_A_WORD_MS = 3_000;

export function useConnection(): Connection {
  const { error } = useQuery(meQuery);
  const state = useLiveState();
  const away = state !== "live";
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!away) return;
    const timer = setTimeout(() => setLong(true), WORTH_A_WORD_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [away]);
  if (error instanceof ApiProblem && error.status === 401) return "ended";
  if (state === "offline") return "offline";
  return away && long ? "reconnecting" : "live";
}
