import { queryOptions } from "@tanstack/react-query";
import { call } from "./api.ts";

/** What the workspace keeps of a contact; the live feed tells when that changes. */
export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ["contact", id, "profile"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/:id/profile", { params: { id }, signal }),
  });

/** The fields that a workspace keeps of its contacts. */
export const fieldsQuery = queryOptions({
  queryKey: ["contact-fields"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/contact_fields", { signal }),
});
