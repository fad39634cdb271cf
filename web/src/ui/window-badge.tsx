import { IconClockHour4, IconLock } from "@tabler/icons-react";
import { serviceWindow } from "../lib/service-window.ts";
import { exactTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Hint } from "./hint.tsx";
import { Tag } from "./tag.tsx";
import classes from "./window-badge.module.css";

/** How long one may still write freely. */
export function WindowBadge({ expires_at }: { expires_at: string | null }) {
  const window = serviceWindow(expires_at, useNow());
  const closed = window.state === "closed";
  const hint = closed
    ? `${expires_at ? `Closed ${exactTime(expires_at)}. ` : ""}Only an approved template may be sent until the customer writes again`
    : `Open until ${exactTime(expires_at ?? "")}, 24 hours after the customer's last message`;
  return (
    <Hint label={hint}>
      <Tag
        tone={closed ? "quiet" : window.state === "closing" ? "warn" : "good"}
        icon={closed ? <IconLock size={14} /> : <IconClockHour4 size={14} />}
      >
        <span>
          {window.label.replace(/ left$/, "")}
          {!closed && <span className={classes["left"]}> left</span>}
        </span>
      </Tag>
    </Hint>
  );
}
