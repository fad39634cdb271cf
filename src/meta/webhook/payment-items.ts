import type { Payment } from "../events.ts";
import { asObject, asText, type Json, type JsonObject } from "../json/json.ts";

/** `payment` of a status of the type `payment`. */
export function readPayment(item: JsonObject): Payment {
  const payment = asObject(item["payment"]);
  const transaction = asObject(payment?.["transaction"]);
  const method = transaction?.["method"];
  const error = asObject(transaction?.["error"]) ?? asObject(payment?.["error"]);
  return {
    reference_id: asText(payment?.["reference_id"]),
    amount: amountOf(payment?.["amount"]),
    currency: asText(payment?.["currency"]),
    method: asText(method) ?? asText(asObject(method)?.["type"]),
    reason: asText(error?.["reason"]) ?? asText(error?.["message"]) ?? asText(error?.["code"]),
  };
}

/** `{value: 21000, offset: 100}` is 210.00. */
function amountOf(given: Json | undefined): string | null {
  const amount = asObject(given);
  const value = Number(asText(amount?.["value"]) ?? Number.NaN);
  const offset = Number(asText(amount?.["offset"]) ?? "1");
  if (!Number.isSafeInteger(value) || !(offset >= 1 && offset <= 1_000_000)) return null;
  return (value / offset).toFixed(Math.round(Math.log10(offset)));
}
