import { OperatorError, tableOf } from "../base/base.ts";
import type { Config } from "../config.ts";

/** Why Wharf can't listen where it is told to, in a sentence; another error as it is. */
export function explainListening(error: unknown, { host, port }: Pick<Config, "host" | "port">): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  // `bind` when another process asks for the socket, as those under the supervisor do.
  if (!["listen", "bind", "getaddrinfo"].includes(syscall ?? "")) return error;
  const sentences = tableOf<string>({
    EADDRINUSE: `Port ${port} of ${host} is in use by another program; stop that, or set PORT to a free one.`,
    EACCES: `This user may not listen on port ${port}; set PORT to one above 1023.`,
    EADDRNOTAVAIL: `${host} is no address of this machine; correct HOST.`,
    ENOTFOUND: `${host} is no address of this machine; correct HOST.`,
  });
  const sentence = sentences[code ?? ""];
  return sentence ? new OperatorError(sentence, { cause: error }) : error;
}
