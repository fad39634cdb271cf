/** A program that listens to the live feed of a chain, and comes back where it was when it is cut. */
import { request } from "node:http";
import { serveParent } from "./child.ts";
import { createArrivals, type ArrivalsQuestion } from "./arrivals.ts";

const [url, api_key] = process.argv.slice(2) as [string, string];
const arrivals = createArrivals();
let last_id: string | null = null;
let messages = 0;
let cuts = 0;

await new Promise<void>((resolve) => listen(resolve));
serveParent({}, async (question) => ({ ...arrivals.answer(question as ArrivalsQuestion), messages, cuts }));

function listen(onOpen?: () => void): void {
  const headers = {
    authorization: `Bearer ${api_key}`,
    ...(last_id === null ? {} : { "last-event-id": last_id }),
  };
  let over = false;
  const again = () => {
    if (over) return;
    over = true;
    cuts++;
    setTimeout(() => listen(), 100);
  };
  const outgoing = request(`${url}/api/v1/live`, { headers }, (response) => {
    if (response.statusCode !== 200) throw new Error(`the live feed answers ${response.statusCode}`);
    onOpen?.();
    let rest = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      const events = (rest + chunk).split("\n\n");
      rest = events.pop()!;
      for (const event of events) {
        last_id = /^id: (\d+)$/m.exec(event)?.[1] ?? last_id;
        if (!event.startsWith("event: ConversationMessageCreated\n")) continue;
        messages++;
        // The message's own text, and the same as the preview of its conversation: once is enough.
        const token = /bench-\d+-\d+/.exec(event);
        if (token) arrivals.read(token[0]);
      }
    });
    response.on("close", again);
  });
  outgoing.on("error", again);
  outgoing.end();
}
