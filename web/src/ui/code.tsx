import type { ReactNode } from "react";
import classes from "./code.module.css";

/** Text whose form matters, in a box that scrolls. */
export function Code({
  compact,
  wrap,
  children,
  ...named
}: {
  /** Among other things rather than on its own. */
  compact?: boolean | undefined;
  /** Long lines go on in the next one. */
  wrap?: boolean | undefined;
  children: ReactNode;
  "aria-label"?: string;
  "data-testid"?: string;
}) {
  return (
    <pre
      className={classes["code"]}
      data-compact={compact || undefined}
      data-wrap={wrap || undefined}
      tabIndex={0}
      {...named}
    >
      {children}
    </pre>
  );
}

/** What stands above it: a title or a choice, and to its right what one can do. */
export const CodeBar = ({ children }: { children: ReactNode }) => (
  <div className={classes["bar"]}>{children}</div>
);
