import { tableOf } from "../../lib/table-of.ts";
import {
  IconExternalLink,
  IconMapPin,
  IconMessage2,
  IconPhone,
  IconPhoto,
  IconShoppingBag,
  IconTicket,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  type Component,
  listOf,
  partOf,
  recordOf,
  sampleOf,
  samplesOf,
  textOf,
  typeOf,
  variablesIn,
} from "../../../../src/template-rules/template-rules.ts";
import { MessageIcon } from "../marks/message-icon.tsx";
import { RichText } from "../marks/rich-text.tsx";
import classes from "./phone-preview.module.css";
import { PHONE } from "./texts.ts";

/** What stands in each place, as campaigns name them: `header.1`, `header.media`, `body.first_name`, `cards.0.body.1`. */
export type PlaceValues = Readonly<Record<string, string>>;

/** The template as a customer's phone shows it, with the examples in place of variables that have no value. */
export function PhonePreview({
  components,
  values = {},
  examples = true,
  label = PHONE.label,
}: {
  components: readonly Component[];
  values?: PlaceValues;
  /** Whether they stand for what has no value; else it stays as it is written. */
  examples?: boolean;
  label?: string;
}) {
  const cards = listOf(partOf(components, "CAROUSEL")?.["cards"]);
  return (
    <div className={classes["phone"]} role="group" aria-label={label}>
      <Bubble components={components} values={values} examples={examples} at="" />
      {cards.length > 0 && (
        <div className={classes["cards"]} tabIndex={0} role="group" aria-label={PHONE.cards}>
          {cards.map((card, index) => (
            <div key={index} className={classes["card"]}>
              <Bubble
                components={listOf(recordOf(card)["components"])}
                values={values}
                examples={examples}
                at={`cards.${index}.`}
              />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** `at` is what the names of its places begin with. */
interface Part {
  values: PlaceValues;
  examples: boolean;
  at: string;
}

function Bubble({ components, values, examples, at }: Part & { components: readonly Component[] }) {
  const header = partOf(components, "HEADER");
  const body = partOf(components, "BODY");
  const footer = partOf(components, "FOOTER");
  const offer = recordOf(partOf(components, "LIMITED_TIME_OFFER")?.["limited_time_offer"]);
  const buttons = listOf(partOf(components, "BUTTONS")?.["buttons"]);
  const minutes = footer?.["code_expiration_minutes"];
  const words = body && (filled(body, "body", { values, examples, at }) || codeText(body, values));
  const small =
    footer && (textOf(footer["text"]) || (minutes === undefined ? "" : PHONE.expires(Number(minutes))));
  return (
    <>
      <div className={classes["bubble"]}>
        {header && <Header header={header} values={values} examples={examples} at={at} />}
        {textOf(offer["text"]) !== "" && (
          <div className={classes["offer"]}>
            <IconTicket size={18} aria-hidden />
            <b dir="auto">{textOf(offer["text"])}</b>
          </div>
        )}
        {words && (
          <div dir="auto">
            <RichText text={words} />
          </div>
        )}
        {small && <small dir="auto">{small}</small>}
        <time>{PHONE.time}</time>
      </div>
      {buttons.map((button, index) => (
        <span key={index} className={classes["button"]} dir="auto">
          {ICONS[typeOf(button["type"])] ?? <IconMessage2 size={15} aria-hidden />}
          {textOf(button["text"]) || PHONE.button_words[typeOf(button["type"])] || PHONE.button_text}
        </span>
      ))}
    </>
  );
}

const ICONS = tableOf<ReactNode>({
  URL: <IconExternalLink size={15} aria-hidden />,
  PHONE_NUMBER: <IconPhone size={15} aria-hidden />,
  VOICE_CALL: <IconPhone size={15} aria-hidden />,
  COPY_CODE: <IconTicket size={15} aria-hidden />,
  OTP: <IconTicket size={15} aria-hidden />,
  CATALOG: <IconShoppingBag size={15} aria-hidden />,
  MPM: <IconShoppingBag size={15} aria-hidden />,
  SPM: <IconShoppingBag size={15} aria-hidden />,
});

/** A variable with neither a value nor an example stays as it is written. */
function filled(part: Component, place: "header" | "body", { values, examples, at }: Part): string {
  const text = textOf(part["text"]);
  const names = variablesIn(text);
  const samples = samplesOf(part, place, names);
  return names.reduce((words, name) => {
    const value = values[`${at}${place}.${name}`] || (examples && samples[name]);
    return value ? words.replaceAll(`{{${name}}}`, () => value) : words;
  }, text);
}

const codeText = (body: Component, values: PlaceValues): string =>
  "add_security_recommendation" in body
    ? PHONE.code(values["body.1"] || PHONE.example_code, body["add_security_recommendation"] === true)
    : "";

function Header({ header, values, examples, at }: Part & { header: Component }) {
  const kind = typeOf(header["format"]);
  if (kind === "TEXT")
    return (
      <b className={classes["title"]} dir="auto">
        {filled(header, "header", { values, examples, at })}
      </b>
    );
  const sample = sampleOf(header);
  const media_id =
    values[`${at}header.media`] || (sample !== null && "media_id" in sample ? sample.media_id : null);
  if (media_id) {
    const src = `/api/v1/media/${encodeURIComponent(media_id)}/content`;
    if (kind === "IMAGE")
      return <img className={classes["file"]} src={src} alt={PHONE.header_kinds["IMAGE"]} />;
    if (kind === "VIDEO")
      return (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          className={classes["file"]}
          src={src}
          controls
          preload="metadata"
          aria-label={PHONE.header_kinds["VIDEO"]}
        />
      );
    if (kind === "DOCUMENT")
      return (
        <a className={classes["file"]} href={src} target="_blank" rel="noreferrer">
          <MessageIcon type="document" size={30} />
          <span>{PHONE.open_document}</span>
        </a>
      );
  }
  return (
    <div className={classes["file"]}>
      {kind === "LOCATION" ? (
        <IconMapPin size={30} stroke={1.4} aria-hidden />
      ) : kind === "IMAGE" || kind === "PRODUCT" ? (
        <IconPhoto size={30} stroke={1.4} aria-hidden />
      ) : (
        <MessageIcon type={kind.toLowerCase()} size={30} />
      )}
      <span dir="auto">{values[`${at}header.location`] || PHONE.header_kinds[kind]}</span>
    </div>
  );
}
