import { IconArrowUpRight, IconMapPinFilled, IconSpeakerphone } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { list, number, partOf, record, text } from "../../lib/words/message.ts";
import { money } from "../../lib/words/money.ts";
import { webUrl } from "../model/offers.ts";
import { digits } from "../model/people.ts";
import type { Message } from "../../lib/types.ts";
import { Avatar } from "../marks/avatar.tsx";
import { MessageIcon } from "../marks/message-icon.tsx";
import { RichText } from "../marks/rich-text.tsx";
import classes from "./message-body.module.css";
import { CARDS } from "./texts.ts";

/** A picture of its kind, its title, and a few lines. */
export function Card({
  type,
  title,
  lines,
  children,
}: {
  type: string;
  title: string;
  lines?: (string | null)[];
  children?: ReactNode;
}) {
  return (
    <div className={classes["card"]}>
      <span className={classes["icon"]}>
        <MessageIcon type={type} size={20} />
      </span>
      <div className={classes["facts"]}>
        <b dir="auto">{title}</b>
        {lines?.map((line) => line && <span key={line}>{line}</span>)}
        {children}
      </div>
    </div>
  );
}

export function Location({ message }: { message: Message }) {
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
        <b>{name ?? CARDS.location}</b>
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

/** Meta's cards; empty when there are none. */
export function cardsOf({ content }: Message): Record<string, unknown>[] {
  const found = Array.isArray(content["contacts"]) ? content["contacts"] : content;
  return list(Array.isArray(found) ? found : Object.values(found));
}

export function Contacts({ message }: { message: Message }) {
  return cardsOf(message).map((card, index) => {
    const name = record(card["name"]);
    const org = record(card["org"]);
    const shown = text(name?.["formatted_name"]) ?? text(name?.["first_name"]) ?? CARDS.contact;
    const work = [text(org?.["title"]), text(org?.["company"])].filter(Boolean).join(", ");
    const phones = list(card["phones"]).map((phone) => text(phone["phone"]) ?? text(phone["wa_id"]));
    const emails = list(card["emails"]).map((email) => text(email["email"]));
    return (
      // A card has no id of its own and the list never changes.
      <div key={index} className={classes["card"]}>
        <Avatar id={phones[0] ?? shown} name={shown} size={42} />
        <div className={classes["facts"]}>
          <b>{shown}</b>
          {work !== "" && <span>{work}</span>}
          {phones.map((phone) => phone && <a key={phone} href={`tel:+${digits(phone)}`}>{phone}</a>)}
          {emails.map((email) => email && <a key={email} href={`mailto:${email}`}>{email}</a>)}
        </div>
      </div>
    );
  }); // prettier-ignore
}

export function Order({ message }: { message: Message }) {
  const part = partOf(message);
  const items = list(part["product_items"]).map((item) => ({
    name: text(item["product_retailer_id"]) ?? "product",
    quantity: number(item["quantity"]) ?? 1,
    price: number(item["item_price"]),
    currency: text(item["currency"]),
  }));
  const pieces = items.reduce((sum, item) => sum + item.quantity, 0);
  const total = items.reduce((sum, item) => sum + (item.price ?? 0) * item.quantity, 0);
  const said = message.text ?? text(part["text"]);
  return (
    <>
      <Card type="order" title={CARDS.order(pieces)}>
        <table className={classes["items"]}>
          <tbody>
            {items.map((item, index) => (
              <tr key={index}>
                <td>{item.quantity} ×</td>
                <th scope="row">{item.name}</th>
                <td>{item.price !== null && money(item.price * item.quantity, item.currency)}</td>
              </tr>
            ))}
          </tbody>
          {items.some(({ price }) => price !== null) && (
            <tfoot>
              <tr>
                <td />
                <th scope="row">{CARDS.total}</th>
                <td>{money(total, items[0]?.currency ?? null)}</td>
              </tr>
            </tfoot>
          )}
        </table>
      </Card>
      {said !== null && (
        <div className={classes["caption"]} dir="auto">
          <RichText text={said} />
        </div>
      )}
    </>
  );
}

/** The ad or post that brought the customer here. */
export function Referral({ referral }: { referral: Record<string, unknown> }) {
  const words = CARDS.referral[referral["source_type"] === "post" ? "post" : "ad"];
  const url = webUrl(referral["source_url"]);
  return (
    <div className={classes["referral"]} dir="auto">
      <span>
        <IconSpeakerphone size={14} aria-hidden /> {words.from}
      </span>
      {text(referral["headline"]) && <b>{text(referral["headline"])}</b>}
      {text(referral["body"]) && <p>{text(referral["body"])}</p>}
      {url !== null && (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow">
          {words.see} <IconArrowUpRight size={14} aria-hidden />
        </a>
      )}
    </div>
  );
}
