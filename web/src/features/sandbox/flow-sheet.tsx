import { Button, Textarea, TextInput } from "@mantine/core";
import { IconBraces, IconPlus, IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Offer } from "../../conversation/model/offers.ts";
import type { Play } from "./plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";
import { texts } from "./texts.ts";

interface Field {
  name: string;
  value: string;
}
const FIRST: Field[] = [
  { name: "full_name", value: "" },
  { name: "size", value: "M" },
];

const asAnswer = (fields: readonly Field[]) =>
  Object.fromEntries(
    fields.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]),
  );

/** Null where it is no JSON object. */
function readObject(json: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === "object" && read !== null && !Array.isArray(read)
      ? (read as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** What the business's flow asks is known to Meta alone; here one says what it was filled in with. */
export function FlowSheet({
  offer,
  name,
  onPlay,
  onClose,
}: {
  offer: Extract<Offer, { kind: "flow" }>;
  /** Of the customer. */
  name: string;
  onPlay: (play: Play) => void;
  onClose: () => void;
}) {
  const [fields, setFields] = useState(() =>
    FIRST.map((field, index) => (index === 0 ? { ...field, value: name } : field)),
  );
  const [json, setJson] = useState<string | null>(null);
  const [touched, setTouched] = useState(false);
  const answer = json === null ? asAnswer(fields) : readObject(json);
  const change = (index: number, changes: Partial<Field>) =>
    setFields((now) => now.map((field, at) => (at === index ? { ...field, ...changes } : field)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (answer === null) return;
    onClose();
    onPlay({
      flow_reply: { ...answer, ...(offer.flow_token === null ? {} : { flow_token: offer.flow_token }) },
    });
  };
  return (
    <Sheet title={offer.title} dirty={touched} onClose={onClose}>
      <form className={classes["form"]} onSubmit={submit} onChange={() => setTouched(true)}>
        <p>{texts.flow.lead}</p>
        {json === null ? (
          fields.map((field, index) => (
            // They have no identity but their place.
            <div key={index} className={classes["pair"]}>
              <TextInput
                aria-label={texts.flow.field(index + 1)}
                value={field.name}
                onChange={(event) => change(index, { name: event.currentTarget.value })}
              />
              <TextInput
                aria-label={texts.flow.answer(index + 1)}
                dir="auto"
                value={field.value}
                onChange={(event) => change(index, { value: event.currentTarget.value })}
              />
              <Button
                variant="subtle"
                color="gray"
                px={0}
                aria-label={texts.flow.remove(index + 1)}
                onClick={() => setFields((now) => now.toSpliced(index, 1))}
              >
                <IconX size={16} />
              </Button>
            </div>
          ))
        ) : (
          <Textarea
            autoFocus
            label={texts.flow.json}
            autosize
            minRows={4}
            maxRows={10}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
            value={json}
            error={answer === null && texts.flow.no_json}
            onChange={(event) => setJson(event.currentTarget.value)}
          />
        )}
        <div className={classes["send"]}>
          {json === null ? (
            <>
              <Button
                variant="subtle"
                leftSection={<IconPlus size={16} />}
                onClick={() => setFields((now) => [...now, { name: "", value: "" }])}
              >
                {texts.flow.add}
              </Button>
              <Button
                variant="subtle"
                leftSection={<IconBraces size={16} />}
                onClick={() => setJson(JSON.stringify(asAnswer(fields), null, 2))}
              >
                {texts.flow.as_json}
              </Button>
            </>
          ) : (
            <span />
          )}
          <Button type="submit" disabled={answer === null}>
            {texts.flow.send}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
