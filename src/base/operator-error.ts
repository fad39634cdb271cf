/**
 * Something that the person who runs Wharf must mend: a wrong setting, a full disk, a port in use. The message is one
 * or more sentences that say what is wrong and what to do; commands print it without a stack and end with 1.
 */
export class OperatorError extends Error {
  override name = "OperatorError";
}
