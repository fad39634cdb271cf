import { Problem } from "../base/base.ts";

/** Runs `write`; where another of its kind has the name already (in any case of letters), says so as NAME_TAKEN. */
export async function uniqueName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "23505")
      throw new Problem("NAME_TAKEN", `“${name}” is taken; choose another name.`, { cause: error });
    throw error;
  }
}
