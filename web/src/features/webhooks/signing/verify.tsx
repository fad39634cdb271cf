import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Endpoint } from "../../../lib/types.ts";
import { Code, CodeBar } from "../../../ui/code.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { SECRET_VARIABLE, snippets } from "./snippets.ts";
import { VERIFY } from "../texts.ts";
import classes from "../webhooks.module.css";

/** Receivers that check the signature, ready to run for this endpoint. */
export function Verify({ endpoint }: { endpoint: Endpoint }) {
  const [language, setLanguage] = useState("Node");
  const all = snippets(endpoint.url);
  const chosen = all.find((each) => each.language === language) ?? all[0]!;
  return (
    <div>
      <CodeBar>
        <SegmentedControl
          size="xs"
          aria-label={VERIFY.language}
          data={all.map((each) => each.language)}
          value={chosen.language}
          onChange={setLanguage}
        />
        <CopyButton text={chosen.code} what={VERIFY.receiver(chosen.language)} />
      </CodeBar>
      <Code compact data-testid="snippet">
        {chosen.code}
      </Code>
      <p className={classes["quiet"]}>
        {VERIFY.reads} <code>{SECRET_VARIABLE}</code> {VERIFY.checks} <code>{chosen.start}</code>.
      </p>
    </div>
  );
}
