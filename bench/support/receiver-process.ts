/** An endpoint of the chain: answers 200, and remembers which webhook came when, how often, and under which id. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "./child.ts";
import { createArrivals, type ArrivalsQuestion } from "./arrivals.ts";

const arrivals = createArrivals();
const ids = new Set<string>();
const server = createServer((request, response) => {
  ids.add(String(request.headers["webhook-id"]));
  let text = "";
  request.setEncoding("latin1");
  request.on("data", (chunk: string) => (text += chunk));
  request.on("end", () => {
    arrivals.read(text);
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1");
await once(server, "listening");
serveParent({ port: (server.address() as AddressInfo).port }, async (question) => ({
  ...arrivals.answer(question as ArrivalsQuestion),
  ids: ids.size,
}));
