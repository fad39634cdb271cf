/** What a call says, taken apart and not yet checked. */
export type Body = Record<string, unknown>;
