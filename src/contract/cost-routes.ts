import { z } from "zod";
import { AddedPrices, NewRateCard, PriceCsv, RateCard } from "./costs.ts";
import { manage, read } from "./permissions.ts";
import type { Endpoint } from "./endpoint.ts";

/** What messages cost: the workspace's rate card. */
export const costRoutes = {
  "GET /api/v1/rate_card": {
    needs: read("campaigns", "analytics", "settings"),
    summary: "Your prices for messages, by market, category and the day from which they count",
    response: RateCard,
  },
  "PUT /api/v1/rate_card": {
    needs: manage("settings"),
    summary: "Set all prices, in place of those that were there",
    body: NewRateCard,
    response: RateCard,
  },
  "POST /api/v1/rate_card/csv": {
    needs: manage("settings"),
    summary: "Add prices from a CSV: all of them, or none where a line is wrong",
    body: PriceCsv,
    response: AddedPrices,
  },
  "DELETE /api/v1/rate_card": {
    needs: manage("settings"),
    summary: "Remove all prices; costs are counted in messages again",
    response: z.null(),
    status: 204,
  },
} as const satisfies Record<string, Endpoint>;
