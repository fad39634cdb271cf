import { queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { call } from "./api.ts";
import type { Me } from "../types.ts";

export type Setup = Reply<"GET /api/v1/setup">;
export type SetupStep = keyof Setup["steps"];

/** The first steps of a workspace; for owners. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => call("GET /api/v1/setup", { signal }),
  staleTime: 0,
});

/** Whether the role sets up this area: what others only see, or not even that. */
export const manages = ({ permissions }: Me, area: keyof Me["permissions"] = "settings") =>
  permissions[area] === "manage";

/** Something is left to do, and it was not hidden. */
export const isOpen = ({ steps, dismissed }: Setup) =>
  !dismissed && Object.values(steps).some((done) => !done);
