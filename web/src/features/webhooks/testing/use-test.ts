import type { UseMutationResult } from "@tanstack/react-query";
import { useAction } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import type { Endpoint, Subscription, TestResult as Result } from "../../../lib/types.ts";

export interface TestOrder {
  event?: Subscription;
  secret?: "current" | "prepared";
}
export type Test = UseMutationResult<Result, Error, TestOrder>;

export function useTest(endpoint: Endpoint): Test {
  return useAction(
    {
      mutationFn: (order: TestOrder) =>
        call("POST /api/v1/endpoints/:id/test", { params: { id: endpoint.id }, body: order }),
    },
    0,
  );
}
