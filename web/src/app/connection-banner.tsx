import { IconPlugConnectedX, IconUserExclamation } from "@tabler/icons-react";
import { useConnection } from "../lib/live/connection.ts";
import { useSignIn } from "../lib/server/use-sign-in.ts";
import classes from "./connection-banner.module.css";
import { BANNER, SHELL, SIGN_IN } from "./texts.ts";

/** Above the page while what one sees may be old and what one writes waits. Always there, so that it is heard. */
export function ConnectionBanner() {
  const state = useConnection();
  const signIn = useSignIn();
  const Icon = state === "ended" ? IconUserExclamation : IconPlugConnectedX;
  return (
    <div role="status" aria-label={SHELL.connection}>
      {state !== "live" && (
        <div className={classes["banner"]} data-state={state}>
          <Icon size={18} stroke={1.8} aria-hidden />
          <p>
            <b>{BANNER[state].title}</b> {BANNER[state].text}
          </p>
          {state === "ended" && (
            <button type="button" onClick={signIn}>
              {SIGN_IN}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
