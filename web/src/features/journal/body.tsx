import type { JournalDetail } from "../../lib/types.ts";
import { ExactText } from "../../ui/exact-text.tsx";
import classes from "./journal.module.css";

/** The body for reading, or exactly as it came. */
export function Body({ webhook }: { webhook: JournalDetail }) {
  const exact = webhook.body ?? webhook.body_base64;
  return (
    <section>
      {exact === null ? (
        <>
          <h3>Body</h3>
          <p className={classes["hint"]}>
            The connection is shared with other workspaces, so the whole body isn&rsquo;t shown; your events
            above are.
          </p>
        </>
      ) : (
        <ExactText
          title={<h3>{webhook.body === null ? "Body, in base64: it is not text" : "Body"}</h3>}
          what="the body"
          exact={exact}
          is_text={webhook.body !== null}
          exact_label="As it came"
        />
      )}
    </section>
  );
}
