import { Button, SegmentedControl } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { indentJson } from "../lib/words/indent-json.ts";
import { Code, CodeBar } from "./code.tsx";
import { CopyButton } from "./copy-button.tsx";
import { EXACT } from "./texts.ts";

/** A browser takes seconds to lay out the three megabytes that Meta may send. */
const SHOWN_LENGTH = 60_000;

/**
 * Bytes that one may want to read, or to have exactly as they were: JSON is shown indented or as it is, anything else as
 * it is. Copying takes what is exact.
 */
export function ExactText({
  title,
  what,
  exact,
  is_text = true,
  exact_label,
  exact_first = false,
  compact,
  more,
}: {
  title: ReactNode;
  /** `the payload` */
  what: string;
  exact: string;
  /** Else it is the bytes in base64. */
  is_text?: boolean;
  exact_label: string;
  exact_first?: boolean;
  /** Among other things rather than on its own. */
  compact?: boolean;
  /** What else can be done with it. */
  more?: ReactNode;
}) {
  const readable = useMemo(() => (is_text ? indentJson(exact) : null), [exact, is_text]);
  const [view, setView] = useState<"readable" | "exact">(exact_first ? "exact" : "readable");
  const views = [
    { value: "readable" as const, label: EXACT.readable },
    { value: "exact" as const, label: exact_label },
  ];
  const is_exact = view === "exact" || readable === null;
  const text = is_exact ? exact : readable;
  const [shown, setShown] = useState<string | null>(null);
  const all = text.length <= SHOWN_LENGTH || shown === text;
  return (
    <>
      <CodeBar>
        {title}
        {readable !== null && (
          <SegmentedControl
            size="xs"
            aria-label={EXACT.how(what)}
            data={exact_first ? views.toReversed() : views}
            value={view}
            onChange={setView}
          />
        )}
        {more}
        <CopyButton text={exact} what={what} />
      </CodeBar>
      <Code compact={compact} wrap={is_exact} data-testid="payload">
        {all ? text : text.slice(0, SHOWN_LENGTH)}
      </Code>
      {!all && (
        <Button variant="default" size="xs" mt={8} onClick={() => setShown(text)}>
          {EXACT.show_all(text.length)}
        </Button>
      )}
    </>
  );
}
