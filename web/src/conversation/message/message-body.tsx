import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { IconArrowForwardUp, IconArrowForwardUpDouble, IconHandClick } from "@tabler/icons-react";
import { formAnswerOf } from "../model/form-answer.ts";
import {
  isMedia,
  partOf,
  problemOf,
  record,
  tappedOf,
  text,
  typeLabel,
  unsupportedLabel,
} from "../../lib/words/message.ts";
import { type Offer, type Question, questionOf, templateOffers } from "../model/offers.ts";
import { templatesQuery } from "../../lib/server/queries.ts";
import { fileOf, filled, filledIn, readSheet, templateNamed } from "../model/templates.ts";
import type { Message } from "../../lib/types.ts";
import { MessageIcon } from "../marks/message-icon.tsx";
import { RichText } from "../marks/rich-text.tsx";
import { Card, cardsOf, Contacts, Location, Order, Referral } from "./cards.tsx";
import { FormAnswer } from "./form-answer.tsx";
import { Media } from "./media.tsx";
import classes from "./message-body.module.css";
import { Offers } from "./offers.tsx";
import { BODY } from "./texts.ts";

// What few threads hold is fetched when one does.
const CallCard = lazy(async () => ({ default: (await import("./call.tsx")).CallCard }));
const Product = lazy(async () => ({ default: (await import("./shop.tsx")).Product }));
const Payment = lazy(async () => ({ default: (await import("./shop.tsx")).Payment }));

interface BodyProps {
  message: Message;
  /** As the customer sees it; what we offered stands below it then, to be tapped. */
  bare?: boolean | undefined;
}

/** What a message says, by its type. A type that is not known yet is shown as it came. */
export function MessageBody(props: BodyProps) {
  const { content, payment } = props.message;
  const referral = record(content["referral"]);
  const product = record(content["referred_product"]);
  return (
    <>
      <Forwarded content={content} />
      {referral && <Referral referral={referral} />}
      <Suspense fallback={<div className={classes["coming"]} />}>
        {product && <Product product={product} asked />}
        <ByType {...props} />
        {payment && <Payment payment={payment} />}
      </Suspense>
    </>
  );
}

/** What was tapped of a catalog; its parts stand in one of these. */
function tappedProduct({ type, direction, content }: Message): Record<string, unknown> | null {
  if (type === "product") return content;
  if (type !== "interactive" || direction === "OUTBOUND" || content["type"] !== "product") return null;
  return record(content["product"]) ?? record(content["action"]) ?? content;
}

function ByType({ message, bare = false }: BodyProps) {
  const tapped = tappedOf(message);
  const form = formAnswerOf(message);
  const product = tappedProduct(message);
  if (message.call) return <CallCard message={message} call={message.call} />;
  if (product)
    return (
      <>
        <Product product={product} asked={false} />
        {message.text !== null && <Words text={message.text} />}
      </>
    );
  if (message.type === "text")
    return message.text?.trim() ? (
      <RichText text={message.text} />
    ) : (
      <span className={classes["wordless"]}>{typeLabel("text")}</span>
    );
  if (message.type === "template") return <Template message={message} bare={bare} />;
  if (message.type === "interactive" && message.direction === "OUTBOUND")
    return <Asked message={message} bare={bare} />;
  if (form !== null) return <FormAnswer answer={form} />;
  if (tapped !== null) {
    return (
      <span className={classes["tapped"]}>
        <IconHandClick size={16} stroke={1.7} aria-hidden />
        <span dir="auto">
          <span className={classes["unseen"]}>{BODY.tapped}</span>
          <b>{tapped}</b>
        </span>
      </span>
    );
  }
  if (isMedia(message.type)) return <Media message={message} bare={bare} />;
  if (message.type === "location") return <Location message={message} />;
  if (message.type === "contacts" && cardsOf(message).length > 0) return <Contacts message={message} />;
  if (message.type === "order") return <Order message={message} />;
  return <Unknown message={message} bare={bare} />;
}

/** What a message of ours offers, to be tapped: below everything else of it. */
export function Tappable({ message, onTap }: { message: Message; onTap: (offer: Offer) => void }) {
  if (message.direction !== "OUTBOUND") return null;
  if (message.type === "template") return <TemplateOffers message={message} onTap={onTap} />;
  return message.type === "interactive" ? <Offers offers={questionOf(message).offers} onTap={onTap} /> : null;
}

function TemplateOffers({ message, onTap }: { message: Message; onTap?: (offer: Offer) => void }) {
  const { part, components } = useTemplate(message);
  return <Offers offers={templateOffers(components, part)} onTap={onTap} />;
}

/** A question of ours, with what there is to tap on. */
function Asked({ message, bare }: BodyProps) {
  const { header, body, footer, products, offers } = questionOf(message);
  const said = message.text ?? body ?? (products.length > 0 ? null : typeLabel("interactive"));
  return (
    <>
      <Header header={header} />
      {said !== null && <Words text={said} />}
      {products.length > 0 && (
        <ul className={classes["products"]}>
          {products.map((product) => (
            <li key={product}>{product}</li>
          ))}
        </ul>
      )}
      {footer !== null && <small className={classes["footer"]}>{footer}</small>}
      {!bare && <Offers offers={offers} />}
    </>
  );
}

/** Text beside other parts: in the direction of its words. */
function Words({ text: words }: { text: string }) {
  return (
    <div dir="auto">
      <RichText text={words} />
    </div>
  );
}

function Header({ header }: { header: Question["header"] }) {
  if (header === null) return null;
  if ("text" in header)
    return (
      <b className={classes["header"]} dir="auto">
        {header.text}
      </b>
    );
  const { type, id, filename } = header;
  const label = filename ?? typeLabel(type);
  if (type !== "image" || id === null) return <Card type={type} title={label} />;
  return (
    <span className={classes["picture"]}>
      <img src={`/api/v1/media/${encodeURIComponent(id)}/content`} alt={label} loading="lazy" />
    </span>
  );
}

/** The template as it stands now. */
function useTemplate(message: Message) {
  const part = partOf(message);
  const name = text(part["name"]);
  const language = text(record(part["language"])?.["code"]);
  const { data } = useQuery(templatesQuery);
  const known = templateNamed(data?.data ?? [], { name, language });
  return { part, name, components: known?.components ?? null };
}

/** Its words are those of the template, with what was filled in. */
function Template({ message, bare }: BodyProps) {
  const { part, name, components } = useTemplate(message);
  const { header, body, footer } = readSheet(components);
  const values = filledIn(part);
  const said = message.text ?? (body === null ? null : filled(body, "body", values));
  return (
    <>
      {(!bare || said === null) && (
        <span className={classes["forwarded"]}>
          <MessageIcon type="template" size={14} /> {BODY.template(name)}
        </span>
      )}
      <Header header={fileOf(part)} />
      {header !== null && <b className={classes["header"]}>{filled(header, "header", values)}</b>}
      {said !== null && <Words text={said} />}
      {footer !== null && <small className={classes["footer"]}>{footer}</small>}
      {!bare && <TemplateOffers message={message} />}
    </>
  );
}

function Unknown({ message, bare }: BodyProps) {
  const problem = problemOf(message);
  const unsupported = message.type === "unsupported";
  const title = unsupported ? unsupportedLabel(text(message.content["type"])) : typeLabel(message.type);
  return (
    <>
      <Card
        type={message.type}
        title={title}
        lines={
          bare
            ? []
            : [
                unsupported ? BODY.unsupported : null,
                problem ? (text(problem["title"]) ?? text(problem["message"])) : null,
              ]
        }
      >
        {!bare && (
          <details className={classes["raw"]}>
            <summary>{BODY.as_it_came}</summary>
            <pre>{JSON.stringify(message.content, null, 2)}</pre>
          </details>
        )}
      </Card>
      {message.text && (
        <div className={classes["caption"]} dir="auto">
          <RichText text={message.text} />
        </div>
      )}
    </>
  );
}

function Forwarded({ content }: Pick<Message, "content">) {
  const places = [content, record(content["context"]) ?? {}];
  const often = places.some((each) => each["frequently_forwarded"] === true);
  if (!often && !places.some((each) => each["forwarded"] === true)) return null;
  const Icon = often ? IconArrowForwardUpDouble : IconArrowForwardUp;
  return (
    <div className={classes["forwarded"]} dir="auto">
      <Icon size={14} aria-hidden /> {often ? BODY.forwarded_often : BODY.forwarded}
    </div>
  );
}
