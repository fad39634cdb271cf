import { Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import {
  type Component,
  LIMITS,
  listOf,
  partOf,
  recordOf,
  type TemplateForm,
} from "../../../../src/template-rules/template-rules.ts";
import { ButtonsField } from "./buttons-field.tsx";
import classes from "./editor.module.css";
import { newCard, type Say, withPart } from "./editor-model.ts";
import { HeaderField } from "./header-field.tsx";
import { TextField } from "./text-field.tsx";
import { EDITOR } from "./texts.ts";

/** The cards of a carousel, each a small template. */
export function CardsField({
  part,
  format,
  say,
  put,
}: {
  part: Component;
  format: TemplateForm["parameter_format"];
  say: Say;
  put: (part: Component) => void;
}) {
  const cards = listOf(part["cards"]);
  const set = (next: readonly Component[]) => put({ ...part, cards: next });
  return (
    <>
      <p className={classes["hint"]}>{EDITOR.cards_hint}</p>
      {cards.map((card, at) => (
        <CardField
          key={at}
          components={listOf(recordOf(card)["components"])}
          at={at}
          format={format}
          say={say}
          put={(components) => set(cards.with(at, { components }))}
          onRemove={
            cards.length > LIMITS.cards.least ? () => set(cards.filter((_, place) => place !== at)) : null
          }
        />
      ))}
      {say("cards") && (
        <p className={classes["wrong"]} role="alert">
          {say("cards")}
        </p>
      )}
      {cards.length < LIMITS.cards.most && (
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            // Alike to those that there are.
            onClick={() => set([...cards, structuredClone(cards.at(-1) ?? newCard())])}
          >
            {EDITOR.add_card}
          </Button>
        </div>
      )}
    </>
  );
}

function CardField({
  components,
  at,
  format,
  say,
  put,
  onRemove,
}: {
  components: readonly Component[];
  /** Its place: the first is 0. */
  at: number;
  format: TemplateForm["parameter_format"];
  say: Say;
  put: (components: Record<string, unknown>[]) => void;
  /** Null: there must be as many. */
  onRemove: (() => void) | null;
}) {
  const field = `cards.${at}`;
  const putPart = (type: string) => (next: Component | null) => put(withPart(components, type, next));
  return (
    <section className={classes["item"]} aria-label={EDITOR.card(at + 1)}>
      <div className={classes["itemHead"]}>
        <h3>{EDITOR.card(at + 1)}</h3>
        {onRemove && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={onRemove}
          >
            {EDITOR.remove_card(at + 1)}
          </Button>
        )}
      </div>
      {say(field) && (
        <p className={classes["wrong"]} role="alert">
          {say(field)}
        </p>
      )}
      <HeaderField
        header={partOf(components, "HEADER")}
        field={`${field}.header`}
        kinds={["IMAGE", "VIDEO", "PRODUCT"]}
        format={format}
        say={say}
        put={putPart("HEADER")}
      />
      <TextField
        part={partOf(components, "BODY") ?? { type: "BODY", text: "" }}
        place="body"
        field={`${field}.body`}
        most={LIMITS.card_body}
        label={EDITOR.card_text}
        format={format}
        say={say}
        put={putPart("BODY")}
      />
      <ButtonsField
        part={partOf(components, "BUTTONS")}
        field={`${field}.buttons`}
        most={LIMITS.card_buttons}
        say={say}
        put={putPart("BUTTONS")}
      />
    </section>
  );
}
