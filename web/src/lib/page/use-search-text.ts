import { useEffect, useState } from "react";

/**
 * The text of a field whose search stands in the address: Back and forward change it too, and `look` is called with the
 * trimmed text after a pause in typing.
 */
export function useSearchText(
  search: string,
  look: (text: string) => void,
  pause_ms: number,
): [text: string, type: (text: string) => void] {
  const [text, setText] = useState(search);
  const [address, setAddress] = useState(search);
  if (address !== search) {
    setAddress(search);
    if (text.trim() !== search) setText(search);
  }
  useEffect(() => {
    if (text.trim() === search) return;
    const timer = setTimeout(() => look(text.trim()), pause_ms);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text]);
  return [text, setText];
}
