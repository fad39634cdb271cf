/** A sentence in which what stands between backticks is code. */
export function Coded({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    // Parts have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
