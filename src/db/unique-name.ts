import { Problem } from "../base/base.ts";
import { codeOf, UNIQUE_VIOLATION } from "./sqlstate.ts";

/** Runs `write`; where another of its kind has the name already (in any case of letters), says so as NAME_TAKEN. */
export async function uniqueName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
    throw new Problem("NAME_TAKEN", `“${name}” is taken; choose another name.`, { cause: error });
  }
}
