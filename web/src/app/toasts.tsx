import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { dismiss, hold, useToasts } from "../lib/page/toast.ts";
import classes from "./toasts.module.css";
import { SHELL } from "./texts.ts";

/** Always there, so that a screen reader hears what is put into it. */
export function Toasts() {
  return (
    <div className={classes["toasts"]} role="status" aria-live="polite">
      {useToasts().map(({ id, tone, title, message, action }) => (
        <div
          key={id}
          className={classes["toast"]}
          data-tone={tone}
          onPointerEnter={() => hold(id, true)}
          onPointerLeave={() => hold(id, false)}
          onFocus={() => hold(id, true)}
          onBlur={() => hold(id, false)}
        >
          {tone === "good" ? (
            <IconCheck size={19} stroke={2} aria-hidden />
          ) : (
            <IconAlertTriangle size={19} stroke={1.8} aria-hidden />
          )}
          <div>
            <b>{title}</b>
            <span>{message}</span>
            {action && (
              <button
                type="button"
                className={classes["undo"]}
                onClick={() => {
                  dismiss(id);
                  action.run();
                }}
              >
                {action.label}
              </button>
            )}
          </div>
          <button
            type="button"
            className={classes["close"]}
            aria-label={SHELL.dismiss}
            onClick={() => dismiss(id)}
          >
            <IconX size={16} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  );
}
