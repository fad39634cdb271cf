import { queryOptions } from "@tanstack/react-query";
import { request } from "../../lib/server/api.ts";

interface FirstVisit {
  /** No one has set a password yet. */
  is_new: boolean;
  /** Until then, whose link is the first. */
  first_email: string | null;
}

export const firstVisitQuery = queryOptions({
  queryKey: ["first-visit"],
  queryFn: ({ signal }) => request<FirstVisit>("GET", "/api/auth/first-visit", undefined, signal),
});
