import type { Readable } from "node:stream";
import type { Spooled } from "./spool.ts";

/** From the first to the last byte, both included. */
export interface Range {
  start: number;
  end: number;
}

/** Where files stay: a folder or a bucket. Whatever stands in the way is thrown as a StoreError. */
export interface Place {
  /** From now on it is there under this key, whole and safe, in place of what was there; and no longer in the spool. */
  put(file: Spooled, key: string, signal?: AbortSignal): Promise<void>;
  /** Resolves once the bytes are sure to come: those of a file of this size; null: of any. */
  open(key: string, size_bytes: number | null, range?: Range): Promise<Readable>;
  /** It is not there any more, or never was. */
  remove(key: string): Promise<void>;
  stop(): Promise<void>;
}
