import { IconUser } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import { hueOf, initials } from "../model/people.ts";
import type { ServiceWindow } from "../model/service-window.ts";
import classes from "./avatar.module.css";

/** A face of initials; with a window, the ring says how much of the 24 hours is left. */
export function Avatar({
  id,
  name,
  window,
  size = 44,
}: {
  id: string;
  name: string;
  window?: ServiceWindow;
  size?: number;
}) {
  const letters = initials(name);
  const style = { "--hue": hueOf(id), "--size": `${size}px`, "--left": window?.left ?? 0 } as CSSProperties;
  return (
    <span className={classes["avatar"]} style={style} data-window={window?.state} aria-hidden>
      {window && (
        <svg className={classes["ring"]} viewBox="0 0 44 44">
          <circle cx="22" cy="22" r="20.75" className={classes["track"]} />
          <circle cx="22" cy="22" r="20.75" className={classes["left"]} pathLength={1} />
        </svg>
      )}
      <span className={classes["face"]}>{letters ?? <IconUser size="48%" stroke={1.8} />}</span>
    </span>
  );
}
