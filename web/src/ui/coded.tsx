/** A sentence in which what stands between backticks is code. */
export function Coded({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    // Parts have no identity but their place.
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
