/** What a file is by its first bytes, of the types that templates show; null: none of them. */
export function kindOfBytes(
  head: Buffer,
): { kind: "image" | "video" | "document"; mime_type: string } | null {
  const starts = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
  if (starts(0xff, 0xd8, 0xff)) return { kind: "image", mime_type: "image/jpeg" };
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))
    return { kind: "image", mime_type: "image/png" };
  if (head.subarray(0, 5).toString("latin1") === "%PDF-")
    return { kind: "document", mime_type: "application/pdf" };
  // An ISO media file says its brand behind the length of its first box.
  if (head.subarray(4, 8).toString("latin1") === "ftyp") {
    const brand = head.subarray(8, 12).toString("latin1");
    if (/^(?:isom|iso[2-9]|mp4[12v]|avc1|M4V |MSNV|dash)$/.test(brand))
      return { kind: "video", mime_type: "video/mp4" };
  }
  return null;
}
