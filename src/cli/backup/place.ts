import type { Readable } from "node:stream";
import type { Place } from "../../media/media.ts";

/** Where backups lie, each under a name of its own. One without a manifest is none: a process was killed over it. */
export interface BackupPlace {
  /** Of a backup, for people. */
  label(name: string): string;
  /** The names of whole backups, oldest first. */
  list(): Promise<string[]>;
  /** The names of those that were never finished. */
  unfinished(): Promise<string[]>;
  /** Throws an OperatorError when there is one of this name. */
  begin(name: string): Promise<Draft>;
  open(name: string): Promise<Source>;
  remove(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** A backup while it is written. */
export interface Draft {
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<{ size_bytes: number; sha256: string }>;
  /** Reads back what was put. */
  source: Source;
  /** With its manifest: from now on it is a backup. */
  finish(manifest: string): Promise<void>;
  discard(): Promise<void>;
}

export interface Source {
  label(key: string): string;
  /** Null: of any size. */
  read(key: string, size_bytes: number | null): Promise<Readable>;
}

export const sourceOf = (place: Place, label: (key: string) => string): Source => ({
  label,
  read: (key, size_bytes) => place.open(key, size_bytes),
});

const NAME = /^wharf-\d{8}T\d{6}Z-[0-9a-f]{8}$/;
export const isBackupName = (name: string) => NAME.test(name);

/** By the second and the installation: those of one are told from another's, and none is written over. */
export const nameOf = (at: Date, installation_id: string) =>
  `wharf-${at.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${suffixOf(installation_id)}`;
export const suffixOf = (installation_id: string) => installation_id.slice(0, 8);
