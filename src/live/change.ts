/** Something that a page may want to know, named by ids: what is shown is read when a page listens. */
export interface LiveChange {
  workspace_id: string;
  name: string;
  data: Record<string, unknown>;
}

/** What a domain room answers to a batch of events. */
export interface Applied {
  changes: LiveChange[];
  /** Events that the room understood but that have no effect, and why. */
  ignored: { id: string; reason: string }[];
}
