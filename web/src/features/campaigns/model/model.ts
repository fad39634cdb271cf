/** What all pages of campaigns know: shapes, queries, the places of a template and parts of a whole. */
export * from "./addresses.ts";
export * from "./audience-queries.ts";
export * from "./form.ts";
export * from "./queries.ts";
export * from "./rates.ts";
export * from "./standing.ts";
export type * from "./types.ts";
export * from "./values.ts";
