import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { date } from "../../lib/words/time.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import { Tag } from "../../ui/tag.tsx";
import classes from "./consent.module.css";
import { type Words, wordsQuery } from "./queries.ts";
import { languageOf } from "./language-name.ts";
import { Section } from "./section.tsx";
import { WORDS } from "./texts.ts";

type Word = Words["words"][number];
type Meaning = Word["meaning"];
const MEANINGS = Object.entries(WORDS.meanings).map(([value, label]) => ({ value, label }));
const KINDS = Object.entries(WORDS.kinds).map(([value, label]) => ({ value, label }));
const TONES = { STOP: "bad", START: "good", CONFIRM: "accent" } as const;

/** The workspace's own words and buttons, beside the product's. */
export function OwnWords({
  words,
  languages,
  owner,
}: {
  words: readonly Word[];
  languages: readonly string[];
  owner: boolean;
}) {
  const client = useQueryClient();
  const remove = useAction({
    mutationFn: ({ id }: Word) => call("DELETE /api/v1/consent/words/:id", { params: { id } }),
    onSuccess: (_, { text }) => toast("good", WORDS.removed, WORDS.removed_text(text)),
    onError: (error) => toast("bad", WORDS.not_removed, wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: wordsQuery.queryKey }),
  });
  return (
    <Section id="own-words" title={WORDS.yours} lead={WORDS.yours_lead}>
      {owner && <AddWord languages={languages} />}
      {words.length === 0 ? (
        <p className={classes["quiet"]}>{WORDS.none}</p>
      ) : (
        <ul className={classes["words"]}>
          {words.map((word) => (
            <li key={word.id}>
              <b dir="auto">{word.text}</b>
              <Tag tone={TONES[word.meaning]}>{WORDS.meanings[word.meaning]}</Tag>
              <small>
                {[
                  WORDS.kinds[word.matches],
                  word.language === null ? null : languageOf(word.language),
                  word.since === null ? null : WORDS.since(date(word.since)),
                ]
                  .filter((part) => part !== null)
                  .join(" · ")}
              </small>
              {owner && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={WORDS.remove(word.text)}
                  onClick={() => remove.mutate(word)}
                >
                  <IconTrash size={17} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function AddWord({ languages }: { languages: readonly string[] }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [meaning, setMeaning] = useState<Meaning>("STOP");
  const [matches, setMatches] = useState<Word["matches"]>("typed");
  const [language, setLanguage] = useState("");
  const add = useAction(
    {
      mutationFn: () =>
        call("POST /api/v1/consent/words", {
          body: { text, meaning, matches, language: language === "" ? null : language },
        }),
      onSuccess: (word) => {
        setText("");
        toast("good", WORDS.added, WORDS.added_text(word.text));
      },
      onSettled: () => client.invalidateQueries({ queryKey: wordsQuery.queryKey }),
      // A word that is there already is refused, so the next can be typed at once.
    },
    0,
  );
  return (
    <form
      className={classes["addWord"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") add.mutate();
      }}
    >
      <TextInput
        label={WORDS.text}
        maxLength={80}
        value={text}
        error={add.error && wordsOf(add.error)}
        onChange={({ currentTarget: { value } }) => {
          add.reset();
          setText(value);
        }}
      />
      <NativeSelect
        label={WORDS.meaning}
        rightSection={chevron}
        data={MEANINGS}
        value={meaning}
        onChange={({ currentTarget: { value } }) => setMeaning(value as Meaning)}
      />
      <NativeSelect
        label={WORDS.matches}
        rightSection={chevron}
        data={KINDS}
        value={matches}
        onChange={({ currentTarget: { value } }) => setMatches(value as Word["matches"])}
      />
      <NativeSelect
        label={WORDS.language}
        rightSection={chevron}
        data={[
          { value: "", label: WORDS.any_language },
          ...languages.map((value) => ({ value, label: languageOf(value) })),
        ]}
        value={language}
        onChange={({ currentTarget: { value } }) => setLanguage(value)}
      />
      <Button type="submit" disabled={text.trim() === ""} loading={add.isPending}>
        {WORDS.add}
      </Button>
    </form>
  );
}
