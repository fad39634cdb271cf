import { NativeSelect, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { call } from "../../lib/server/api.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./consent.module.css";
import { wordsQuery } from "./queries.ts";
import { Section } from "./section.tsx";
import { WORDS } from "./texts.ts";

const KINDS = Object.entries(WORDS.kinds).map(([value, label]) => ({ value, label }));

/** What a message would do: the server reads it as it reads messages. */
export function WordTest() {
  const [text, setText] = useState("");
  const [kind, setKind] = useState("typed");
  const [shown] = useDebouncedValue(text, 300);
  const tapped = kind === "tapped";
  const { data } = useQuery({
    // Below the words: changed, they answer anew.
    queryKey: [...wordsQuery.queryKey, "test", shown, tapped],
    queryFn: ({ signal }) =>
      call("POST /api/v1/consent/words/test", {
        body: { text: shown, tapped, payload: tapped ? shown.slice(0, 1_000) : null },
        signal,
      }),
    enabled: shown.trim() !== "",
    placeholderData: keepPreviousData,
  });
  const meaning = data?.meaning ?? null;
  const result =
    meaning === null
      ? WORDS.results.none
      : meaning === "CONFIRM" && !data?.asks
        ? WORDS.results.not_asking
        : WORDS.results[meaning];
  return (
    <Section id="word-test" title={WORDS.test} lead={WORDS.test_lead}>
      <div className={classes["test"]}>
        <TextInput
          label={WORDS.test_text}
          maxLength={1_000}
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        <NativeSelect
          label={WORDS.test_kind}
          rightSection={chevron}
          data={KINDS}
          value={kind}
          onChange={({ currentTarget: { value } }) => setKind(value)}
        />
        <p role="status" data-meaning={meaning ?? undefined}>
          {shown.trim() !== "" && data && result}
        </p>
      </div>
    </Section>
  );
}
