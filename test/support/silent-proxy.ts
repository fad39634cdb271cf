import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP proxy whose line can go dead without a word: no byte passes, no goodbye either, and new connections hang. */
export interface SilentProxy {
  /** `url` with the proxy's address in place of its own. */
  through(url: string): string;
  /** `lose`: what is open now stays dead when the line is back, as when a router has forgotten it. */
  silence(options?: { lose?: boolean }): void;
  restore(): void;
  /** What was open is gone with a goodbye: for the end of a test. */
  stop(): Promise<void>;
}

export async function startSilentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ sides: [Socket, Socket]; lost: boolean }>();
  let silent = false;

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const pair = { sides: [near, far] as [Socket, Socket], lost: false };
    pairs.add(pair);
    const ended = () => {
      if (silent || pair.lost) return;
      pairs.delete(pair);
      for (const side of pair.sides) side.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (chunk) => to.write(chunk));
      from.on("end", ended);
      from.on("close", ended);
      from.on("error", () => {});
    }
    for (const side of pair.sides) if (silent) side.pause();
    if (!silent) near.resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const own_port = (server.address() as AddressInfo).port;

  return {
    through(url) {
      const through = new URL(url);
      through.host = `127.0.0.1:${own_port}`;
      return through.href;
    },
    silence({ lose = false } = {}) {
      silent = true;
      for (const pair of pairs) {
        pair.lost ||= lose;
        for (const side of pair.sides) side.pause();
      }
    },
    restore() {
      silent = false;
      for (const { sides, lost } of pairs) if (!lost) for (const side of sides) side.resume();
    },
    async stop() {
      for (const { sides } of pairs) for (const side of sides) side.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
