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
import { MessageIcon } from "../../conversation/marks/message-icon.tsx";
import { RichText } from "../../conversation/marks/rich-text.tsx";
import classes from "./preview.module.css";
import { EDITOR } from "./texts.ts";

/** The template as a customer's phone shows it, with the examples in place of the variables. */
export function PhonePreview({ components }: { components: readonly Component[] }) {
  const cards = listOf(partOf(components, "CAROUSEL")?.["cards"]);
  return (
    <div className={classes["phone"]} role="group" aria-label={EDITOR.preview}>
      <Bubble components={components} />
      {cards.length > 0 && (
        <div className={classes["cards"]} tabIndex={0} role="group" aria-label={EDITOR.cards}>
          {cards.map((card, at) => (
            <div key={at} className={classes["card"]}>
              <Bubble components={listOf(recordOf(card)["components"])} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function Bubble({ components }: { components: readonly Component[] }) {
  const header = partOf(components, "HEADER");
  const body = partOf(components, "BODY");
  const footer = partOf(components, "FOOTER");
  const offer = recordOf(partOf(components, "LIMITED_TIME_OFFER")?.["limited_time_offer"]);
  const buttons = listOf(partOf(components, "BUTTONS")?.["buttons"]);
  const minutes = footer?.["code_expiration_minutes"];
  const words = body && (filled(body, "body") || codeText(body));
  const small =
    footer &&
    (textOf(footer["text"]) || (minutes === undefined ? "" : EDITOR.preview_expires(Number(minutes))));
  return (
    <>
      <div className={classes["bubble"]}>
        {header && <Header header={header} />}
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
        <time>{EDITOR.preview_time}</time>
      </div>
      {buttons.map((button, at) => (
        <span key={at} className={classes["button"]} dir="auto">
          {ICONS[typeOf(button["type"])] ?? <IconMessage2 size={15} aria-hidden />}
          {textOf(button["text"]) || EDITOR.button_words[typeOf(button["type"])] || EDITOR.button_text}
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

/** A variable without an example stays as it is written. */
function filled(part: Component, place: "header" | "body"): string {
  const text = textOf(part["text"]);
  const names = variablesIn(text);
  const samples = samplesOf(part, place, names);
  return names.reduce(
    (words, name) => (samples[name] ? words.replaceAll(`{{${name}}}`, samples[name]) : words),
    text,
  );
}

const codeText = (body: Component): string =>
  "add_security_recommendation" in body
    ? EDITOR.preview_code(body["add_security_recommendation"] === true)
    : "";

function Header({ header }: { header: Component }) {
  const kind = typeOf(header["format"]);
  if (kind === "TEXT")
    return (
      <b className={classes["title"]} dir="auto">
        {filled(header, "header")}
      </b>
    );
  const sample = sampleOf(header);
  const url =
    sample === null ? null : "media_id" in sample ? `/api/v1/media/${sample.media_id}/content` : null;
  if (kind === "IMAGE" && url !== null)
    return <img className={classes["file"]} src={url} alt={EDITOR.header_kinds["IMAGE"]} />;
  return (
    <div className={classes["file"]}>
      {kind === "LOCATION" ? (
        <IconMapPin size={30} stroke={1.4} aria-hidden />
      ) : kind === "IMAGE" || kind === "PRODUCT" ? (
        <IconPhoto size={30} stroke={1.4} aria-hidden />
      ) : (
        <MessageIcon type={kind.toLowerCase()} size={30} />
      )}
      <span>{EDITOR.header_kinds[kind]}</span>
    </div>
  );
}
