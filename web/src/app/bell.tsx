import { useQuery } from "@tanstack/react-query";
import { IconBell } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { lazyPart } from "../lib/page/chunks.ts";
import { noticeCountsQuery } from "../lib/server/notices.ts";
import classes from "./shell.module.css";
import { SHELL } from "./texts.ts";

// A drawer is a lot of code, and most days there is nothing to tell.
const Notices = lazyPart(() => import("./notices-drawer.tsx"), "NoticesDrawer");

/** How many notices are open; they are a click away, on every page. */
export function Bell() {
  const { data } = useQuery(noticeCountsQuery);
  const [opened, setOpened] = useState(false);
  const [asked, setAsked] = useState(false);
  const { open = 0, critical = 0 } = data ?? {};
  const label = open === 0 ? SHELL.notices : SHELL.open_notices(open, critical);
  return (
    <>
      <button
        type="button"
        className={classes["item"]}
        aria-label={label}
        aria-expanded={opened}
        title={SHELL.notices}
        onClick={() => {
          setAsked(true);
          setOpened(true);
        }}
      >
        <IconBell size={21} stroke={1.7} aria-hidden />
        <span>{SHELL.notices}</span>
        {open > 0 && (
          // Drawn, and not said: the button's name has it.
          <b
            className={classes["count"]}
            data-count={open > 99 ? "99+" : open}
            data-alert={critical > 0 || undefined}
          />
        )}
      </button>
      {asked && (
        <Suspense fallback={null}>
          <Notices opened={opened} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
