import { queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { call } from "./api.ts";

export type Field = Reply<"GET /api/v1/contact_fields">["data"][number];
export type Segment = Reply<"GET /api/v1/segments">["data"][number];
export type Rule = Segment["rule"];

/** What the workspace keeps of a contact; the live feed tells when that changes. */
export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ["contact", id, "profile"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/:id/profile", { params: { id }, signal }),
  });

/** What a workspace keeps of its contacts, and how it sorts them. */
export const fieldsQuery = queryOptions({
  queryKey: ["contact-fields"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/contact_fields", { signal }),
});

export const tagsQuery = queryOptions({
  queryKey: ["tags"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/tags", { signal }),
});
export const listsQuery = queryOptions({
  queryKey: ["lists"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/lists", { signal }),
});
export const segmentsQuery = queryOptions({
  queryKey: ["segments"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/segments", { signal }),
});
export const campaignNamesQuery = queryOptions({
  queryKey: ["campaign-names"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/campaign_names", { signal }),
});
