import { IconArrowForwardUp, IconHandClick, IconMapPinFilled, IconSpeakerphone } from "@tabler/icons-react";
import { formAnswerOf } from "../../lib/form-answer.ts";
import { isMedia, list, number, partOf, record, tappedOf, text, typeLabel } from "../../lib/message.ts";
import type { Message } from "../../lib/types.ts";
import { RichText } from "../rich-text.tsx";
import { FormAnswer } from "./form-answer.tsx";
import { Card, Media } from "./media.tsx";
import { Offer } from "./offer.tsx";
import classes from "./message-body.module.css";
import { TemplateBody } from "./template-body.tsx";

/** What a message says, by its type. A type that nobody knows yet is shown as it came. */
export function MessageBody({ message }: { message: Message }) {
  const referral = record(message.content["referral"]);
  const forwarded = isForwarded(message);
  return (
    <>
      {forwarded && (
        <div className={classes["forwarded"]}>
          <IconArrowForwardUp size={14} aria-hidden /> Forwarded
        </div>
      )}
      {referral && <Referral referral={referral} />}
      <ByType message={message} />
    </>
  );
}

function ByType({ message }: { message: Message }) {
  const tapped = tappedOf(message);
  const form = formAnswerOf(message);
  if (message.type === "text") return <RichText text={message.text ?? ""} />;
  if (message.type === "template") return <TemplateBody message={message} />;
  if (message.type === "interactive" && message.direction === "OUTBOUND") return <Offer message={message} />;
  if (form !== null) return <FormAnswer answer={form} />;
  if (tapped !== null) {
    return (
      <span className={classes["tapped"]}>
        <IconHandClick size={16} stroke={1.7} aria-hidden />
        <span>
          tapped: <b>{tapped}</b>
        </span>
      </span>
    );
  }
  if (isMedia(message.type)) return <Media message={message} />;
  if (message.type === "location") return <Location message={message} />;
  if (message.type === "contacts") return <Contacts message={message} />;
  if (message.type === "order") return <Order message={message} />;
  return <Unknown message={message} />;
}

function Location({ message }: { message: Message }) {
  const part = partOf(message);
  const latitude = number(part["latitude"]);
  const longitude = number(part["longitude"]);
  const name = text(part["name"]);
  const known = latitude !== null && longitude !== null;
  const where = known ? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}` : null;
  const map = known
    ? `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
    : null;
  return (
    <div className={classes["place"]}>
      <div className={classes["map"]} aria-hidden>
        <IconMapPinFilled size={30} />
      </div>
      <div className={classes["facts"]}>
        <b>{name ?? "Location"}</b>
        {text(part["address"]) && <span>{text(part["address"])}</span>}
        {map && (
          <a href={map} target="_blank" rel="noopener noreferrer">
            {where}
          </a>
        )}
      </div>
    </div>
  );
}

function Contacts({ message }: { message: Message }) {
  const found = Array.isArray(message.content["contacts"]) ? message.content["contacts"] : message.content;
  const cards = list(Array.isArray(found) ? found : Object.values(found));
  if (cards.length === 0) return <Unknown message={message} />;
  return cards.map((card, index) => {
    const name = record(card["name"]);
    const phones = list(card["phones"]).map((phone) => text(phone["phone"]) ?? text(phone["wa_id"]));
    return (
      <Card
        // A card has no id of its own and the list never changes.
        // oxlint-disable-next-line react/no-array-index-key
        key={index}
        type="contacts"
        title={text(name?.["formatted_name"]) ?? text(name?.["first_name"]) ?? "Contact card"}
        lines={[...phones, ...list(card["emails"]).map((email) => text(email["email"]))]}
      />
    );
  });
}

function Order({ message }: { message: Message }) {
  const part = partOf(message);
  const items = list(part["product_items"]);
  const pieces = items.reduce((sum, item) => sum + (number(item["quantity"]) ?? 1), 0);
  const total = items.reduce(
    (sum, item) => sum + (number(item["item_price"]) ?? 0) * (number(item["quantity"]) ?? 1),
    0,
  );
  const currency = text(items[0]?.["currency"]);
  return (
    <>
      <Card
        type="order"
        title={`Order of ${pieces} ${pieces === 1 ? "item" : "items"}`}
        lines={[currency ? `${total.toFixed(2)} ${currency}` : null]}
      >
        <ul className={classes["items"]}>
          {items.map((item, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              {number(item["quantity"]) ?? 1} × {text(item["product_retailer_id"]) ?? "product"}
            </li>
          ))}
        </ul>
      </Card>
      {(message.text ?? text(part["text"])) && (
        <div className={classes["caption"]}>
          <RichText text={message.text ?? text(part["text"]) ?? ""} />
        </div>
      )}
    </>
  );
}

function Referral({ referral }: { referral: Record<string, unknown> }) {
  return (
    <div className={classes["referral"]}>
      <span>
        <IconSpeakerphone size={14} aria-hidden /> Came from an ad
      </span>
      {text(referral["headline"]) && <b>{text(referral["headline"])}</b>}
      {text(referral["body"]) && <span>{text(referral["body"])}</span>}
    </div>
  );
}

function Unknown({ message }: { message: Message }) {
  const problem = list(message.content["errors"])[0];
  const unsupported = message.type === "unsupported";
  return (
    <>
      <Card
        type={message.type}
        title={typeLabel(message.type)}
        lines={[
          unsupported ? "WhatsApp doesn't pass this kind of message on" : null,
          problem ? (text(problem["title"]) ?? text(problem["message"])) : null,
        ]}
      >
        <details className={classes["raw"]}>
          <summary>As it came</summary>
          <pre>{JSON.stringify(message.content, null, 2)}</pre>
        </details>
      </Card>
      {message.text && (
        <div className={classes["caption"]}>
          <RichText text={message.text} />
        </div>
      )}
    </>
  );
}

function isForwarded({ content }: Message): boolean {
  const context = record(content["context"]) ?? {};
  return [content, context].some(
    (each) => each["forwarded"] === true || each["frequently_forwarded"] === true,
  );
}
