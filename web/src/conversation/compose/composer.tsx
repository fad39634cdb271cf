import { IconLock, IconTemplate } from "@tabler/icons-react";
import { Suspense } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import { useConnection } from "../../lib/live/connection.ts";
import { post } from "../outbox/post.ts";
import { serviceWindow } from "../model/service-window.ts";
import type { Conversation, PhoneNumber } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { useSignIn } from "../../lib/server/use-sign-in.ts";
import classes from "./compose.module.css";
import { NotConnected, PauseBanner } from "./pause-banner.tsx";
import { COMPOSER } from "./texts.ts";
import { Writing } from "./writing.tsx";

const TemplatePicker = lazyPart(() => import("./template-picker.tsx"), "TemplatePicker");
const ChoicesForm = lazyPart(() => import("./choices-form.tsx"), "ChoicesForm");

export type ComposerDialog = "template" | "choices" | null;

/** Below the thread: what one writes to the customer, for as long as their window is open; else templates. */
export function Composer({
  conversation,
  number,
  elsewhere = false,
  dialog,
  onDialog,
}: {
  conversation: Conversation;
  number: PhoneNumber | undefined;
  /** Another app answers the customer just now. */
  elsewhere?: boolean;
  dialog: ComposerDialog;
  onDialog: (dialog: ComposerDialog) => void;
}) {
  const { contact } = conversation;
  const closed = serviceWindow(conversation.window_expires_at, useNow()).state === "closed";
  const close = () => onDialog(null);
  if (number?.connected === false)
    return (
      <footer className={classes["composer"]} aria-label={COMPOSER.label}>
        <NotConnected number={number} />
      </footer>
    );
  const { group } = conversation;
  if (group && group.state !== "active")
    return (
      <footer className={classes["composer"]} aria-label={COMPOSER.label}>
        <div className={classes["closed"]}>
          <IconLock size={18} stroke={1.8} aria-hidden />
          <p>{COMPOSER.group[group.state]}</p>
        </div>
      </footer>
    );
  return (
    <footer className={classes["composer"]} aria-label={COMPOSER.label}>
      {elsewhere && <p className={classes["elsewhere"]}>{COMPOSER.elsewhere}</p>}
      <Kept />
      {number?.sending.paused && <PauseBanner number={number} paused={number.sending.paused} />}
      {closed ? (
        <div className={classes["closed"]}>
          <IconLock size={18} stroke={1.8} aria-hidden />
          <p>{COMPOSER.closed(group ? "group" : "customer")}</p>
          <button type="button" id="compose" onClick={() => onDialog("template")}>
            <IconTemplate size={18} stroke={1.7} aria-hidden /> {COMPOSER.choose_template}
          </button>
        </div>
      ) : (
        <Writing conversation={conversation} onDialog={onDialog} />
      )}
      <Suspense>
        {dialog === "template" && (
          <TemplatePicker
            name={contact.display_name}
            waba_id={number?.waba_id ?? null}
            wants_marketing={contact.marketing_state !== "UNSUBSCRIBED"}
            onClose={close}
            onSend={(content, text) => {
              close();
              post(conversation.id, { content }, { text });
            }}
          />
        )}
        {dialog === "choices" && (
          <ChoicesForm
            onClose={close}
            onSend={(content, text) => {
              close();
              post(conversation.id, { content }, { text });
            }}
          />
        )}
      </Suspense>
    </footer>
  );
}

/** While nothing can go out: what is written is not lost. */
function Kept() {
  const connection = useConnection();
  const signIn = useSignIn();
  if (connection === "live") return null;
  const ended = connection === "ended";
  return (
    <p className={classes["kept"]}>
      {ended ? COMPOSER.ended : COMPOSER.offline}
      {ended && (
        <button type="button" onClick={signIn}>
          {COMPOSER.sign_in}
        </button>
      )}
    </p>
  );
}
