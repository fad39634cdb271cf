import { Button, Switch } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { Confirm } from "../../ui/confirm.tsx";
import classes from "./consent.module.css";
import { type Words, wordsQuery } from "./queries.ts";
import { languageOf } from "./language-name.ts";
import { Section } from "./section.tsx";
import { WORDS } from "./texts.ts";

type Language = Words["defaults"][number];
const ALL = "*";

/** The product's words by language; off only after a warning. */
export function Defaults({ words, owner }: { words: Words; owner: boolean }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const change = useAction(
    {
      mutationFn: (body: { language: string; on: boolean }) =>
        call("PATCH /api/v1/consent/words/defaults", { body }),
      onSuccess: (changed) => client.setQueryData(wordsQuery.queryKey, changed),
      onError: (error) => toast("bad", WORDS.not_switched, wordsOf(error)),
      onSettled: async () => {
        setAsked(null);
        await client.invalidateQueries({ queryKey: wordsQuery.queryKey });
      },
    },
    // Off and on again at once harms nothing.
    0,
  );
  const language = words.defaults.find((one) => one.language === asked);
  const sample = (language ?? words.defaults[0])?.stop ?? [];
  return (
    <Section id="default-words" title={WORDS.defaults} lead={WORDS.defaults_lead}>
      {words.all_off ? (
        <div className={classes["form"]}>
          <p className={classes["warning"]}>{WORDS.all_off_note}</p>
          {owner && (
            <Button loading={change.isPending} onClick={() => change.mutate({ language: ALL, on: true })}>
              {WORDS.all_on}
            </Button>
          )}
        </div>
      ) : (
        <>
          <ul className={classes["languages"]}>
            {words.defaults.map((one) => (
              <LanguageRow
                key={one.language}
                language={one}
                owner={owner}
                put={(on) => (on ? change.mutate({ language: one.language, on }) : setAsked(one.language))}
              />
            ))}
          </ul>
          {owner && (
            <Button variant="outline" color="red" size="xs" onClick={() => setAsked(ALL)}>
              {WORDS.warn_all_title.replace("?", "")}
            </Button>
          )}
        </>
      )}
      <Confirm
        opened={asked !== null}
        title={language ? WORDS.warn_title(languageOf(language.language)) : WORDS.warn_all_title}
        yes={WORDS.switch_off}
        danger
        loading={change.isPending}
        onYes={() => asked !== null && change.mutate({ language: asked, on: false })}
        onClose={() => setAsked(null)}
      >
        <p>{WORDS.warn_text(WORDS.quoted(sample.slice(0, 3)))}</p>
      </Confirm>
    </Section>
  );
}

function LanguageRow({
  language: { language, on, stop, start, confirm },
  owner,
  put,
}: {
  language: Language;
  owner: boolean;
  put: (on: boolean) => void;
}) {
  const name = languageOf(language);
  return (
    <li>
      <details>
        <summary>
          <b>{name}</b>
          <small>
            {start.length === 0 ? WORDS.no_start(stop.length) : WORDS.counts(stop.length, start.length)}
          </small>
        </summary>
        <dl>
          {(
            [
              [WORDS.stop, stop],
              [WORDS.start, start],
              [WORDS.confirm, confirm],
            ] as const
          ).map(
            ([label, list]) =>
              list.length > 0 && (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd dir="auto" lang={language}>
                    {list.join(", ")}
                  </dd>
                </div>
              ),
          )}
        </dl>
      </details>
      <Switch
        aria-label={WORDS.on(name)}
        checked={on}
        disabled={!owner}
        onChange={({ currentTarget }) => put(currentTarget.checked)}
      />
    </li>
  );
}
