import { queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";

export type RateCard = Reply<"GET /api/v1/rate_card">;
export type AddedPrices = Reply<"POST /api/v1/rate_card/csv">;

export const rateCardQuery = queryOptions({
  queryKey: ["rate-card"],
  queryFn: ({ signal }) => call("GET /api/v1/rate_card", { signal }),
});
