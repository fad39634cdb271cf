import type { Flow } from "./types.ts";

/** A flow in a file: for another installation, or to keep. The server checks it when it is taken in. */
const FORMAT = "wharf.automation.1";

/** The flow of a file is whatever stands there: the server says what of it can be read. */
export interface Exchanged {
  name: string;
  flow: unknown;
}

export const exported = ({ name, flow }: { name: string; flow: Flow }): string =>
  JSON.stringify({ format: FORMAT, name, flow }, null, 2);

/** null: it is not such a file. */
export function imported(text: string): Exchanged | null {
  try {
    const { format, name, flow } = JSON.parse(text) as Record<string, unknown>;
    if (format !== FORMAT || typeof name !== "string" || typeof flow !== "object" || flow === null)
      return null;
    return { name, flow };
  } catch {
    return null;
  }
}
