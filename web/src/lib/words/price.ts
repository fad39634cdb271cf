import { tableOf } from "../table-of.ts";

/** Why Meta charges nothing. Service messages have an allowance a number and month, so no category is free as a rule. */
const NOT_CHARGED = tableOf<string>({
  free_customer_service: "within the allowance for customer service",
  free_group_customer_service: "within the allowance for customer service",
  free_entry_point: "the customer came from an ad or a Page",
});

/** `Marketing, charged`, from what Meta says of this message alone: its `type`, else the older `billable`. */
export function priceOf({
  category,
  type,
  billable,
}: {
  category: string | null;
  type: string | null;
  billable: boolean | null;
}): string | null {
  if (category === null) return null;
  const words = category.replaceAll("_", " ");
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  const charged = type === null ? billable : !type.startsWith("free");
  if (charged === null) return name;
  if (charged) return `${name}, charged`;
  const reason = NOT_CHARGED[type ?? ""];
  return reason === undefined ? `${name}, not charged` : `${name}, not charged: ${reason}`;
}
