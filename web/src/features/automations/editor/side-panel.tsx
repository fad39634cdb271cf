import { CloseButton } from "@mantine/core";
import type { ReactNode } from "react";
import { PANEL_ID } from "../parts/parts.ts";
import { PANEL } from "../setting-texts.ts";
import classes from "./editor.module.css";

/** Beside the flow, or over it where there is no room: settings, checks, people. */
export function SidePanel({
  title,
  of,
  onClose,
  children,
}: {
  title: string;
  /** What it shows: it begins at its top for another. */
  of: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <aside
      key={of}
      className={classes["panel"]}
      aria-labelledby={PANEL_ID}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={classes["panelHead"]}>
        <h2 id={PANEL_ID} tabIndex={-1} dir="auto">
          {title}
        </h2>
        <CloseButton aria-label={PANEL.close} onClick={onClose} />
      </div>
      <div className={classes["panelBody"]}>{children}</div>
    </aside>
  );
}
