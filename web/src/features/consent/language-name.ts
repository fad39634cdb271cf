const names = new Intl.DisplayNames("en-GB", { type: "language" });

/** Of a language without its country: `pt` is Portuguese. */
export const languageOf = (code: string): string => names.of(code) ?? code;
