import { IconClockHour4, IconLock } from "@tabler/icons-react";
import { serviceWindow } from "../model/service-window.ts";
import { exactTime } from "../../lib/words/time.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Hint } from "../../ui/hint.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./window-badge.module.css";
import { WINDOW_BADGE } from "../../ui/texts.ts";

/** How long one may still write freely. */
export function WindowBadge({ expires_at }: { expires_at: string | null }) {
  const window = serviceWindow(expires_at, useNow());
  const closed = window.state === "closed";
  const hint = closed
    ? WINDOW_BADGE.closed(expires_at && exactTime(expires_at))
    : WINDOW_BADGE.open(exactTime(expires_at ?? ""));
  return (
    <Hint label={hint}>
      <Tag
        tone={closed ? "quiet" : window.state === "closing" ? "warn" : "good"}
        icon={closed ? <IconLock size={14} /> : <IconClockHour4 size={14} />}
      >
        <span>
          {window.label.replace(/ left$/, "")}
          {!closed && <span className={classes["left"]}>{WINDOW_BADGE.left}</span>}
        </span>
      </Tag>
    </Hint>
  );
}
