import { curlCommand } from "../../lib/words/curl.ts";
import type { JournalDetail } from "../../lib/types.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import * as texts from "./texts.ts";
import classes from "./webhook-parts.module.css";

/** The body for reading, exactly as it came, or as a command that posts it. */
export function Body({ webhook }: { webhook: JournalDetail }) {
  const { body, body_base64 } = webhook;
  if (body_base64 === null)
    return (
      <>
        <h2 className={classes["title"]}>{texts.BODY}</h2>
        <p className={classes["hint"]}>{texts.BODY_SHARED}</p>
      </>
    );
  return (
    <>
      <ExactText
        title={<h2 className={classes["title"]}>{body === null ? texts.BODY_BASE64 : texts.BODY}</h2>}
        what={texts.THE_BODY}
        exact={body ?? body_base64}
        is_text={body !== null}
        exact_label={texts.AS_SENT}
        more={
          <CopyButton
            text={curlCommand({ text: body, base64: body_base64 })}
            what={texts.THE_CURL}
            label={texts.CURL}
          />
        }
      />
      <p className={classes["hint"]}>{texts.CURL_EXPLAINED}</p>
    </>
  );
}
