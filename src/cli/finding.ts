/** One line of `wharf doctor`. `note`: nothing is wrong, but an operator may want to know. */
export interface Finding {
  state: "ok" | "note" | "problem";
  subject: string;
  text: string;
}
