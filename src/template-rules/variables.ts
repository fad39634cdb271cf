const VARIABLE = /\{\{([^{}]*)\}\}/g;

/** What stands between the braces, each once, in the order of the text. */
export const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name.trim())),
];

/** The parameters have names: `{{first_name}}`, and not `{{1}}`. */
export const isNamed = (texts: readonly string[]): boolean =>
  texts.some((text) => variablesIn(text).some((name) => /^[a-z_]/i.test(name)));

export const isAtEdge = (text: string): boolean => /^\{\{[^{}]*\}\}|\{\{[^{}]*\}\}$/.test(text.trim());
/** With nothing between them but space. */
export const areAdjacent = (text: string): boolean => /\}\}\s*\{\{/.test(text);
/** Braces that open no variable, or close none. */
export const hasLooseBraces = (text: string): boolean => /\{\{|\}\}/.test(text.replaceAll(VARIABLE, ""));
export const wordsBeside = (text: string): number =>
  text
    .replaceAll(VARIABLE, " ")
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
export const emojiIn = (text: string): number => [...text.matchAll(/\p{Extended_Pictographic}/gu)].length;
