import { tableOf } from "../../lib/table-of.ts";
import { IconCircleCheck, IconClock, IconCreditCard, IconCreditCardOff } from "@tabler/icons-react";
import { text } from "../../lib/words/message.ts";
import { money } from "../../lib/words/money.ts";
import type { Message } from "../../lib/types.ts";
import { Card } from "./cards.tsx";
import classes from "./shop.module.css";
import { SHOP } from "./texts.ts";

/** A product of the business's catalog that the customer tapped or asks about. */
export function Product({ product, asked }: { product: Record<string, unknown>; asked: boolean }) {
  const name = text(product["title"]) ?? text(product["product_retailer_id"]) ?? text(product["id"]);
  const catalog = text(product["catalog_id"]);
  return (
    <div className={classes["product"]} data-asked={asked || undefined}>
      <Card
        type="product"
        title={name ?? SHOP.product}
        lines={[asked ? SHOP.asks : SHOP.tapped, catalog && SHOP.catalog(catalog)]}
      />
    </div>
  );
}

const STATES = tableOf<{ label: string; icon: typeof IconClock; tone: string }>({
  captured: { label: SHOP.paid, icon: IconCircleCheck, tone: "good" },
  success: { label: SHOP.paid, icon: IconCircleCheck, tone: "good" },
  pending: { label: SHOP.pending, icon: IconClock, tone: "quiet" },
  failed: { label: SHOP.failed, icon: IconCreditCardOff, tone: "bad" },
  canceled: { label: SHOP.cancelled, icon: IconCreditCardOff, tone: "bad" },
});

/** `upi` is an abbreviation, `card` is a word. */
const methodOf = (method: string) =>
  method.length <= 3 ? method.toUpperCase() : method.replace(/^./, (first) => first.toUpperCase());

/** How the payment of an order stands. */
export function Payment({ payment }: { payment: NonNullable<Message["payment"]> }) {
  const { status, amount, currency, method, reference_id, reason } = payment;
  const state = STATES[status] ?? { label: SHOP.other(status), icon: IconCreditCard, tone: "quiet" };
  const Icon = state.icon;
  const sum = amount === null ? null : money(Number(amount), currency);
  const rest = [sum, method && methodOf(method), reference_id].filter((part) => part !== null);
  return (
    <div className={classes["payment"]} data-tone={state.tone}>
      <Icon size={17} stroke={1.8} aria-hidden />
      <div>
        <b>{state.label}</b>
        {rest.length > 0 && <span>{rest.join(" · ")}</span>}
        {reason !== null && <span>{reason}</span>}
      </div>
    </div>
  );
}
