/** What all pages of automations know: shapes, queries, changes of a flow, and how it reads. */
export * from "./diff.ts";
export * from "./edit.ts";
export * from "./exchange.ts";
export * from "./history.ts";
export * from "./layout.ts";
export * from "./neighbours.ts";
export * from "./new-node.ts";
export * from "./outline.ts";
export * from "./ports.ts";
export * from "./queries.ts";
export type * from "./types.ts";
export * from "./words.ts";
