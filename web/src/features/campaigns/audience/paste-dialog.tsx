import { Button, FileButton, Modal, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { Progress } from "../../../ui/progress.tsx";
import common from "../../../ui/form-blocks.module.css";
import { AUDIENCE, LEFT_OUT } from "../wizard-texts.ts";
import { type Pasted, readNumbers, readPasted } from "./pasted.ts";

/** The API takes so many a call. */
const A_CALL = 1_000;

interface Sent {
  added: number;
  /** They were there already. */
  known: number;
  refused: { index: number; says: string }[];
}

/** What is done with the numbers: they are added to the campaign, or left out of it. */
interface Kind {
  texts: typeof AUDIENCE | typeof LEFT_OUT;
  read: (text: string) => Pasted[];
  send: (id: string, people: readonly Pasted[]) => Promise<Sent>;
  /** A longer text belongs into a file, where files are imported. */
  most: number;
  takes_files: boolean;
}

const KINDS: Record<"include" | "exclude", Kind> = {
  include: {
    texts: AUDIENCE,
    read: readPasted,
    most: 50_000,
    takes_files: false,
    async send(id, people) {
      const recipients = people.map(({ phone, values }) => ({ phone, values }));
      const answer = await call("POST /api/v1/campaigns/:id/recipients", {
        params: { id },
        body: { recipients },
      });
      return { ...answer, known: answer.updated };
    },
  },
  exclude: {
    texts: LEFT_OUT,
    read: readNumbers,
    most: 500_000,
    takes_files: true,
    send: (id, people) =>
      call("POST /api/v1/campaigns/:id/exclusions", {
        params: { id },
        body: { phones: people.map(({ phone }) => phone.slice(0, 100)) },
      }),
  },
};
/** A longer text makes the field slow: it is shown by its name alone. */
const MOST_SHOWN = 200_000;

interface Outcome {
  added: number;
  known: number;
  refused: { line: number; phone: string; says: string }[];
}

/** Takes numbers that were copied from somewhere or stand in a file, and tells which were refused and why. */
export function PasteDialog({
  campaign_id,
  kind,
  onAdded,
  onClose,
}: {
  campaign_id: string;
  kind: keyof typeof KINDS;
  onAdded: () => Promise<void>;
  onClose: () => void;
}) {
  const { texts, read, send, most, takes_files } = KINDS[kind];
  const [text, setText] = useState("");
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [done, setDone] = useState(0);
  const people = read(file?.text ?? text);
  const too_many = people.length > most;
  const add = useAction({
    mutationFn: async () => {
      const outcome: Outcome = { added: 0, known: 0, refused: [] };
      setDone(0);
      for (let from = 0; from < people.length; from += A_CALL) {
        const some = people.slice(from, from + A_CALL);
        const answer = await send(campaign_id, some);
        outcome.added += answer.added;
        outcome.known += answer.known;
        for (const { index, says } of answer.refused)
          outcome.refused.push({ line: some[index]!.line, phone: some[index]!.phone, says });
        setDone(from + some.length);
      }
      return outcome;
    },
    onSettled: onAdded,
  });
  const choose = async (chosen: File | null) => {
    if (chosen === null) return;
    const words = await chosen.text();
    if (words.length <= MOST_SHOWN) setText(words);
    setFile(words.length <= MOST_SHOWN ? null : { name: chosen.name, text: words });
  };
  return (
    <Modal opened onClose={onClose} title={texts.paste} size={560}>
      <div className={common["dialog"]}>
        {add.data ? (
          <Result outcome={add.data} texts={texts} />
        ) : (
          <>
            <p className={common["hint"]}>{texts.paste_hint}</p>
            {takes_files && (
              <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(chosen) => void choose(chosen)}>
                {(props) => (
                  <Button
                    {...props}
                    variant="default"
                    disabled={add.isPending}
                    leftSection={<IconFileUpload size={16} aria-hidden />}
                  >
                    {LEFT_OUT.choose_file}
                  </Button>
                )}
              </FileButton>
            )}
            {file ? (
              <p role="status">{LEFT_OUT.file(file.name, people.length)}</p>
            ) : (
              <Textarea
                data-autofocus
                label={texts.numbers}
                placeholder={texts.numbers_example}
                autosize
                minRows={7}
                maxRows={14}
                value={text}
                disabled={add.isPending}
                onChange={({ currentTarget: { value } }) => setText(value)}
              />
            )}
            {(too_many || add.error) && (
              <p className={common["wrong"]} role="alert">
                {too_many ? texts.too_many(most) : wordsOf(add.error!)}
              </p>
            )}
            {add.isPending && <Progress label={texts.adding} done={done} total={people.length} />}
          </>
        )}
        <div className={common["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {add.data ? texts.close : texts.cancel}
          </Button>
          {!add.data && (
            <Button
              loading={add.isPending}
              disabled={people.length === 0 || too_many}
              onClick={() => add.mutate()}
            >
              {texts.add_people(people.length)}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Result({ outcome: { added, known, refused }, texts }: { outcome: Outcome; texts: Kind["texts"] }) {
  return (
    <>
      <p role="status">{texts.was_added(added, known)}</p>
      {refused.length > 0 && (
        <>
          <p>{texts.refused(refused.length)}</p>
          <ul className={common["problems"]} tabIndex={0}>
            {refused.map(({ line, phone, says }) => (
              <li key={`${line} ${phone}`}>{texts.refused_line(line, phone, says)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
