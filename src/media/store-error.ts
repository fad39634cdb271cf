/** A file that is longer than it may be. */
export class TooLongError extends Error {
  override name = "TooLongError";
}

/**
 * The place of the files said no. The message is for everybody who may see the file: it names no bucket, key or path.
 * `advice` is for who runs Wharf, and names what there is to correct.
 */
export class StoreError extends Error {
  override name = "StoreError";
  /** missing: the bytes are not there, and asking again won't help. away: they may be there, which is unknown now. */
  readonly kind: "missing" | "away";
  /** One word out of few. */
  readonly fault: string;
  readonly advice: string;
  /** The very same may go well in a moment. */
  readonly passing: boolean;

  constructor(
    says: string,
    about: { kind?: "missing" | "away"; fault: string; advice: string; passing?: boolean },
  ) {
    super(says);
    this.kind = about.kind ?? "away";
    this.fault = about.fault;
    this.advice = about.advice;
    this.passing = about.passing ?? false;
  }
}

export const missing = (advice: string) =>
  new StoreError("The file's bytes are not where they were stored.", {
    kind: "missing",
    fault: "missing",
    advice,
  });

/** Work on the disk, whose errors name paths. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = "EIO", message } = error as NodeJS.ErrnoException;
    throw new StoreError(
      code === "ENOSPC"
        ? "The disk that files are stored on is full."
        : `The disk that files are stored on can't be used (${code}).`,
      { fault: code === "ENOSPC" ? "full" : "disk", advice: message },
    );
  }
}
