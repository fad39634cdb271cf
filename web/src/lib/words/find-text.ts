/** A text around what was looked for in it. */
export interface Hit {
  before: string;
  hit: string;
  after: string;
}

/** How much of the text stands before it, where there is room for one line. */
const LEAD = 24;

/** As the server's search compares: without case and accents. Each letter, with its place in the text. */
function folded(text: string): { letters: string; places: number[] } {
  let letters = "";
  const places: number[] = [];
  let place = 0;
  for (const char of text) {
    const plain = char.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    for (let i = 0; i < plain.length; i++) places.push(place);
    letters += plain;
    place += char.length;
  }
  return { letters, places };
}

/** Where the text has it first, with a few words before it; null where it does not have it as one piece. */
export function findText(text: string, wanted: string): Hit | null {
  const looked = folded(wanted.trim().replace(/\s+/g, " ")).letters;
  const line = text.replace(/\s+/g, " ");
  const { letters, places } = folded(line);
  const at = looked === "" ? -1 : letters.indexOf(looked);
  if (at < 0) return null;
  const from = places[at] ?? 0;
  const to = places[at + looked.length] ?? line.length;
  const lead = line.slice(0, from);
  const cut = lead.length > LEAD ? `…${lead.slice(-LEAD).replace(/^\S*\s/, "")}` : lead;
  return { before: cut, hit: line.slice(from, to), after: line.slice(to) };
}
