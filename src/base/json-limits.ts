const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const isOpening = (char: number) => char === 0x7b || char === 0x5b;
const isClosing = (char: number) => char === 0x7d || char === 0x5d;

/** Whether a JSON text is nested deeper than `limit`. Bodies with few brackets, which is most, are not read for it. */
export function isDeeperThan(text: string, limit: number): boolean {
  let open = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0 && open <= limit; at = text.indexOf(bracket, at + 1)) {
      open++;
    }
  }
  if (open <= limit) return false;
  let depth = 0;
  return someOutsideStrings(text, (char) => {
    if (isOpening(char)) depth++;
    else if (isClosing(char)) depth--;
    return depth > limit;
  });
}

/** Whether a JSON text holds more than `limit` values: each but the first has a bracket or a comma before it. Empty lists and objects count twice. */
export function holdsMoreThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let values = 1;
  return someOutsideStrings(text, (char) => (isOpening(char) || char === COMMA) && ++values > limit);
}

function someOutsideStrings(text: string, is: (char: number) => boolean): boolean {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (is(char)) return true;
  }
  return false;
}
