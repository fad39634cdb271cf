/** As the server tells it (src/base/text.ts): blanks and marks that show nothing are no text. */
const VISIBLE =
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{M}\ufffd\u2800\u{16FE4}\u{1D159}\u{13441}\u{13442}]/u;

export const showsSomething = (text: string): boolean => VISIBLE.test(text);
