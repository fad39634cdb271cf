/** Smaller pieces are copied: each would hold some 400 bytes of its own, however few it brings. */
const COPIED_BELOW_BYTES = 16 * 1024;
const BLOCK_BYTES = 16 * 1024;

/**
 * A body as it comes in. What it holds follows from what it was sent, not from how it was cut into pieces: small
 * pieces go together into blocks, and what a large one keeps alive around itself is counted with it.
 */
export class Body {
  /** Of the body itself. */
  bytes = 0;
  pieces = 0;
  /** Of memory. */
  held_bytes = 0;
  #parts: Buffer[] = [];
  /** The last part is a block of which this much is used; -1: it is a piece as it came. */
  #used = -1;
  #memory: ArrayBufferLike | null = null;

  add(piece: Buffer): void {
    this.bytes += piece.length;
    this.pieces++;
    // Most webhooks come in one piece, which is theirs anyway.
    if (this.#parts.length === 0 || piece.length >= COPIED_BELOW_BYTES) this.#keep(piece);
    else this.#copy(piece);
  }

  /** All of it; afterwards it holds nothing. */
  take(): Buffer {
    const parts = this.#parts;
    if (this.#used >= 0) parts.push(parts.pop()!.subarray(0, this.#used));
    this.#parts = [];
    this.#used = -1;
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts, this.bytes);
  }

  #keep(piece: Buffer): void {
    if (this.#used >= 0) this.#parts.push(this.#parts.pop()!.subarray(0, this.#used));
    this.#used = -1;
    this.#parts.push(piece);
    // Pieces that were read together are views of the same memory.
    if (piece.buffer === this.#memory) return;
    this.#memory = piece.buffer;
    this.held_bytes += piece.buffer.byteLength;
  }

  #copy(piece: Buffer): void {
    let from = 0;
    while (from < piece.length) {
      if (this.#used < 0 || this.#used === BLOCK_BYTES) {
        this.#parts.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
        this.#used = 0;
        this.held_bytes += BLOCK_BYTES;
      }
      const copied = piece.copy(this.#parts.at(-1)!, this.#used, from);
      this.#used += copied;
      from += copied;
    }
  }
}
