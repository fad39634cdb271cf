/** RFC 6266: a name of plain ASCII for old clients, the true one in percent-encoding. */
export function disposition(kind: "inline" | "attachment", filename: string | null): string {
  if (filename === null) return kind;
  const name = filename.split(/[/\\]/).at(-1)!;
  const ascii = name.replaceAll(/[^\x20-\x7e]|["%;\\]/g, "_");
  const whole = encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
