import { Button, SegmentedControl } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { indentJson } from "../../lib/indent-json.ts";
import type { JournalDetail } from "../../lib/types.ts";
import classes from "./journal.module.css";

/** The body for reading, or exactly as it came. Copying takes what came. */
export function Body({ webhook }: { webhook: JournalDetail }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const readable = useMemo(() => (webhook.body === null ? null : indentJson(webhook.body)), [webhook.body]);
  const [view, setView] = useState<"readable" | "raw">("readable");
  const raw = webhook.body ?? webhook.body_base64;
  if (raw === null) {
    return (
      <section>
        <h3>Body</h3>
        <p className={classes["hint"]}>
          The connection is shared with other workspaces, so the whole body isn&rsquo;t shown; your events
          above are.
        </p>
      </section>
    );
  }
  return (
    <section>
      <div className={classes["bar"]}>
        <h3>{webhook.body === null ? "Body, in base64: it is not text" : "Body"}</h3>
        {readable !== null && (
          <SegmentedControl
            size="xs"
            aria-label="How to show the body"
            data={[
              { value: "readable", label: "Readable" },
              { value: "raw", label: "As it came" },
            ]}
            value={view}
            onChange={(value) => setView(value)}
          />
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          onClick={() => clipboard.copy(raw)}
        >
          {clipboard.copied ? "Copied" : "Copy"}
        </Button>
      </div>
      <pre
        className={classes["body"]}
        data-wrap={view === "raw" || readable === null || undefined}
        tabIndex={0}
      >
        {view === "readable" && readable !== null ? readable : raw}
      </pre>
    </section>
  );
}
