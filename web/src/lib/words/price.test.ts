import { expect, test } from "vitest";
import { priceOf } from "./price.ts";

test.each([
  ["marketing", "regular", null, "Marketing, charged"],
  ["service", "regular", false, "Service, charged"],
  [
    "service",
    "free_customer_service",
    null,
    "Service, not charged: within the allowance for customer service",
  ],
  ["utility", "regular", true, "Utility, charged"],
  [
    "referral_conversion",
    "free_entry_point",
    false,
    "Referral conversion, not charged: the customer came from an ad or a Page",
  ],
  ["marketing", "free_new", true, "Marketing, not charged"],
  ["authentication", null, true, "Authentication, charged"],
  ["service", null, false, "Service, not charged"],
  ["service", null, null, "Service"],
] as const)(
  "a price of %s, %s is told as Meta tells it, never by a rule",
  (category, type, billable, told) => {
    expect(priceOf({ category, type, billable })).toBe(told);
  },
);
