import { IconExternalLink } from "@tabler/icons-react";
import { typeLabel } from "../../lib/message.ts";
import { offerOf, type Offer as Parts } from "../../lib/offer.ts";
import type { Message } from "../../lib/types.ts";
import { MessageIcon } from "../message-icon.tsx";
import { RichText } from "../rich-text.tsx";
import classes from "./message-body.module.css";

/** A question of ours, with what there is to tap on. */
export function Offer({ message }: { message: Message }) {
  const { header, body, footer, products, choices } = offerOf(message);
  const said = message.text ?? body;
  return (
    <>
      {header !== null && (
        <div className={classes["heading"]}>
          {"text" in header ? (
            header.text
          ) : (
            <>
              <MessageIcon type={header.file} /> {typeLabel(header.file)}
            </>
          )}
        </div>
      )}
      {said !== null && <RichText text={said} />}
      {products.length > 0 && (
        <ul className={classes["items"]}>
          {products.map((product) => (
            <li key={product}>{product}</li>
          ))}
        </ul>
      )}
      {footer !== null && <div className={classes["footer"]}>{footer}</div>}
      {choices.length > 0 && (
        <ul className={classes["choices"]}>
          {choices.map(({ label, leads }) => (
            <li key={label}>
              <ChoiceIcon leads={leads} />
              {label}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Where a button leads, if it does more than answer. */
function ChoiceIcon({ leads }: Pick<Parts["choices"][number], "leads">) {
  if (leads === "reply") return null;
  if (leads === "link") return <IconExternalLink size={16} stroke={1.7} aria-hidden />;
  return <MessageIcon type={leads} />;
}
