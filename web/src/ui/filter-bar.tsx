import { NativeSelect, TextInput } from "@mantine/core";
import { IconChevronDown, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { fromLocalInput, isSpan, SPANS, toLocalInput } from "../lib/words/spans.ts";
import { useSearchText } from "../lib/page/use-search-text.ts";
import classes from "./filter-bar.module.css";

/** Beside the value of a filter's NativeSelect. */
export const chevron = <IconChevronDown size={16} aria-hidden />;

const PAUSE_MS = 350;

/** What is searched for. Pasting is enough; typing waits for a pause, or for Enter. */
export function SearchField({
  search,
  put,
  label,
  placeholder,
}: {
  search: string | undefined;
  put: (search: string | undefined) => void;
  label: string;
  placeholder: string;
}) {
  const look = (wanted: string) => put(wanted || undefined);
  const [text, type] = useSearchText(search ?? "", look, PAUSE_MS);
  return (
    <TextInput
      className={classes["search"]}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={({ key }) => key === "Enter" && look(text.trim())}
    />
  );
}

/** A time as filters hold it: `since` is a span (`24h`) or a moment, `until` a moment. */
export interface TimeFilter {
  since?: string | undefined;
  until?: string | undefined;
}

/** Whether a time is given from one moment to another; `choose` asks for that before one is given. */
export function useExactTime({ since, until }: TimeFilter) {
  const [chosen, choose] = useState(false);
  const exact = chosen || until !== undefined || (since !== undefined && !isSpan(since));
  return { exact, choose };
}

export function SpanField({
  since,
  time: { exact, choose },
  put,
  texts,
}: {
  since: string | undefined;
  time: ReturnType<typeof useExactTime>;
  put: (time: TimeFilter) => void;
  texts: { time: string; any_time: string; from_to: string };
}) {
  return (
    <NativeSelect
      rightSection={chevron}
      aria-label={texts.time}
      data={[
        { value: "", label: texts.any_time },
        ...SPANS.map(({ value, label }) => ({ value, label })),
        { value: "custom", label: texts.from_to },
      ]}
      value={exact ? "custom" : (since ?? "")}
      onChange={({ currentTarget: { value } }) => {
        choose(value === "custom");
        if (value !== "custom") put({ since: value || undefined, until: undefined });
      }}
    />
  );
}

export function FromTo({
  filter: { since, until },
  put,
  texts,
}: {
  filter: TimeFilter;
  put: (time: TimeFilter) => void;
  texts: { from: string; to: string };
}) {
  return (
    <>
      <TextInput
        type="datetime-local"
        label={texts.from}
        value={toLocalInput(since)}
        onChange={({ currentTarget: { value } }) => put({ since: fromLocalInput(value) })}
      />
      <TextInput
        type="datetime-local"
        label={texts.to}
        value={toLocalInput(until)}
        onChange={({ currentTarget: { value } }) => put({ until: fromLocalInput(value) })}
      />
    </>
  );
}
