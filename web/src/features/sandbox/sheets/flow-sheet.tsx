import { Button } from "@mantine/core";
import { IconBraces, IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Offer } from "../../../conversation/model/offers.ts";
import { type Field, JsonField, Pair } from "./flow-fields.tsx";
import type { Play } from "../plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";
import { texts } from "../texts.ts";

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
            <Pair
              // They have no identity but their place.
              key={index}
              place={index + 1}
              field={field}
              onChange={(changes) => change(index, changes)}
              onRemove={() => setFields((now) => now.toSpliced(index, 1))}
            />
          ))
        ) : (
          <JsonField json={json} invalid={answer === null} onChange={setJson} />
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
