/**
 * A sender in a process of its own, so that its memory is its own. For each message `{url, tries, at_once}` it makes
 * its tries and answers what they came to, each outcome once, and by how much the most memory that it ever had rose.
 */
import { systemClock } from "../../src/base/base.ts";
import { createAttempter } from "../../src/delivery/http/attempt.ts";
import { createGuard } from "../../src/delivery/http/ssrf-guard.ts";

export interface Order {
  url: string;
  tries: number;
  at_once: number;
  /** 2 when left out. */
  body_bytes?: number;
}
export interface Outcome {
  attempts: {
    status: number | null;
    error_code: string | null;
    error: string | null;
    excerpt: string | null;
    truncated: boolean;
  }[];
  rss_growth_bytes: number;
}

const attempter = createAttempter({ guard: createGuard({ allowed: ["127.0.0.0/8"] }), clock: systemClock });
const peak_bytes = () => process.resourceUsage().maxRSS * 1024;

async function carryOut({ url, tries, at_once, body_bytes = 2 }: Order): Promise<Outcome> {
  const outcomes = new Map<string, Outcome["attempts"][number]>();
  const before_bytes = peak_bytes();
  let left = tries;
  const work = async () => {
    while (left-- > 0) {
      const attempt = await attempter.attempt({
        url: new URL(url),
        headers: { "content-type": "application/json", "accept-encoding": "identity" },
        body: Buffer.from("{}".padEnd(body_bytes)),
        timeout_ms: 20_000,
      });
      const { status, error_code, error, response_excerpt, response_truncated } = attempt!;
      const outcome = { status, error_code, error, excerpt: response_excerpt, truncated: response_truncated };
      outcomes.set(JSON.stringify(outcome), outcome);
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
  return { attempts: [...outcomes.values()], rss_growth_bytes: peak_bytes() - before_bytes };
}

process.on("disconnect", () => process.exit(0));
process.on("message", (order: Order) => {
  void carryOut(order).then((outcome) => process.send!(outcome));
});
process.send!("ready");
