const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

let options: { value: string; label: string }[] | null = null;

/** Countries by their names. Codes that stand for none, or for another's old name, are left out. */
export function countryOptions(): { value: string; label: string }[] {
  if (options !== null) return options;
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const found = new Map<string, string>();
  for (const code of LETTERS.flatMap((a) => LETTERS.map((b) => a + b))) {
    const name = names.of(code);
    if (name !== undefined && !NONE.has(code) && !found.has(name)) found.set(name, code);
  }
  options = [...found]
    .map(([label, value]) => ({ value, label }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return options;
}

/** Unions, places without telephones, pseudo regions, and codes that were given up. */
const NONE = new Set([
  "AN",
  "AQ",
  "BU",
  "BV",
  "CP",
  "CQ",
  "CS",
  "DD",
  "DG",
  "EA",
  "EU",
  "EZ",
  "FX",
  "GS",
  "HM",
  "IC",
  "NT",
  "PN",
  "QO",
  "SU",
  "TF",
  "TP",
  "UM",
  "UN",
  "XA",
  "XB",
  "YD",
  "YU",
  "ZR",
  "ZZ",
]);
