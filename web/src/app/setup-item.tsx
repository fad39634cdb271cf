import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconChecklist } from "@tabler/icons-react";
import { isOpen, manages, setupQuery } from "../lib/server/setup.ts";
import type { Me } from "../lib/types.ts";
import classes from "./shell.module.css";
import { SHELL } from "./texts.ts";

const REFRESH_MS = 30_000;

/** The first steps, as long as one is left to do. */
export function SetupItem({ me }: { me: Me }) {
  const { data } = useQuery({
    ...setupQuery,
    enabled: manages(me),
    staleTime: REFRESH_MS,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? REFRESH_MS : false),
  });
  if (!data || !isOpen(data)) return null;
  return (
    <Link
      to="/start"
      className={classes["item"]}
      activeProps={{ "aria-current": "page" }}
      title={SHELL.get_started}
      data-aside
    >
      <IconChecklist size={21} stroke={1.7} aria-hidden />
      <span>{SHELL.get_started}</span>
    </Link>
  );
}
