import { Checkbox, TextInput } from "@mantine/core";
import {
  type Component,
  LIMITS,
  partOf,
  recordOf,
  textOf,
} from "../../../../src/template-rules/template-rules.ts";
import { Card } from "../../ui/page.tsx";
import { AboutFields, MoreFields } from "./about-fields.tsx";
import { ButtonsField } from "./buttons-field.tsx";
import { CardsField } from "./cards-field.tsx";
import { CodeField } from "./code-field.tsx";
import classes from "./editor.module.css";
import { type Form, layoutOf, type Say, withComponents, withPart } from "./editor-model.ts";
import { HeaderField } from "./header-field.tsx";
import { TextField } from "./text-field.tsx";
import { EDITOR } from "./texts.ts";

const HEADERS = ["NONE", "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT"];

/** Everything that one can write of a template. */
export function EditorFields(fields: {
  form: Form;
  say: Say;
  put: (form: Form) => void;
  edits_status: string | null;
}) {
  const { form, say, put } = fields;
  return (
    <>
      <AboutFields {...fields} />
      {form.category === "AUTHENTICATION" ? (
        <CodeField
          components={form.components}
          say={say}
          put={(next) => put({ ...form, components: next })}
        />
      ) : (
        <ContentFields form={form} say={say} put={put} />
      )}
      <MoreFields {...fields} />
    </>
  );
}

/** What it says, part by part. */
function ContentFields({ form, say, put }: { form: Form; say: Say; put: (form: Form) => void }) {
  const { components, parameter_format: format } = form;
  const layout = layoutOf(components);
  const putAll = (next: readonly Component[]) => put(withComponents(form, next));
  const putPart = (type: string) => (part: Component | null) => putAll(withPart(components, type, part));
  const carousel = partOf(components, "CAROUSEL");
  return (
    <>
      {layout !== "cards" && (
        <Card className={classes["block"]}>
          <h2>
            {EDITOR.header} <small>{EDITOR.optional}</small>
          </h2>
          <HeaderField
            header={partOf(components, "HEADER")}
            field="header"
            kinds={layout === "offer" ? ["NONE", "IMAGE", "VIDEO"] : HEADERS}
            format={format}
            say={say}
            put={putPart("HEADER")}
          />
        </Card>
      )}
      {layout === "offer" && (
        <OfferFields components={components} say={say} put={putPart("LIMITED_TIME_OFFER")} />
      )}
      <Card className={classes["block"]}>
        <h2>{EDITOR.body}</h2>
        <p className={classes["hint"]}>{EDITOR.body_hint}</p>
        <TextField
          part={partOf(components, "BODY") ?? { type: "BODY", text: "" }}
          place="body"
          field="body"
          most={layout === "offer" ? LIMITS.offer_body : LIMITS.body}
          label={EDITOR.body_text}
          format={format}
          say={say}
          put={putPart("BODY")}
        />
      </Card>
      {layout === "standard" && <FooterFields components={components} say={say} put={putPart("FOOTER")} />}
      {carousel && (
        <Card className={classes["block"]}>
          <h2>{EDITOR.cards}</h2>
          <CardsField part={carousel} format={format} say={say} put={putPart("CAROUSEL")} />
        </Card>
      )}
      {layout !== "cards" && (
        <Card className={classes["block"]}>
          <h2>
            {EDITOR.buttons} <small>{EDITOR.optional}</small>
          </h2>
          <ButtonsField
            part={partOf(components, "BUTTONS")}
            field="buttons"
            most={LIMITS.buttons}
            say={say}
            put={putPart("BUTTONS")}
          />
        </Card>
      )}
    </>
  );
}

interface PartFields {
  components: readonly Component[];
  say: Say;
  put: (part: Component | null) => void;
}

function FooterFields({ components, say, put }: PartFields) {
  const text = textOf(partOf(components, "FOOTER")?.["text"]);
  return (
    <Card className={classes["block"]}>
      <h2>
        {EDITOR.footer} <small>{EDITOR.optional}</small>
      </h2>
      <TextInput
        label={EDITOR.footer_text}
        dir="auto"
        value={text}
        error={say("footer.text") ?? say("footer")}
        description={EDITOR.count(text.length, LIMITS.footer)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        onChange={({ currentTarget: { value } }) =>
          put(value === "" ? null : { type: "FOOTER", text: value })
        }
      />
    </Card>
  );
}

function OfferFields({ components, say, put }: PartFields) {
  const offer = recordOf(partOf(components, "LIMITED_TIME_OFFER")?.["limited_time_offer"]);
  const set = (next: Component) => put({ type: "LIMITED_TIME_OFFER", limited_time_offer: next });
  const text = textOf(offer["text"]);
  return (
    <Card className={classes["block"]}>
      <h2>{EDITOR.offer}</h2>
      <TextInput
        label={EDITOR.offer_text}
        dir="auto"
        value={text}
        error={say("offer.text")}
        description={EDITOR.count(text.length, LIMITS.offer)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        onChange={({ currentTarget: { value } }) => set({ ...offer, text: value })}
      />
      <Checkbox
        label={EDITOR.offer_ends}
        checked={offer["has_expiration"] === true}
        onChange={({ currentTarget: { checked } }) => set({ ...offer, has_expiration: checked })}
      />
    </Card>
  );
}
