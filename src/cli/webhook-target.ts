import { InvalidArgumentError, Option } from "commander";
import { createPoster } from "../simulator/simulator.ts";

/** The options of the commands that post webhooks to a running Wharf. */
export interface Target {
  url: string;
  secret: string;
  connection?: string;
}

export const urlOption = new Option("--url <url>", "where Wharf runs").default("http://127.0.0.1:3000");
export const secretOption = new Option("--secret <secret>", "the app secret to sign with")
  .env("META_APP_SECRET")
  .makeOptionMandatory();
export const connectionOption = new Option(
  "--connection <id>",
  "the connection to post to (the first one when left out)",
);

/** Where the webhooks go. A URL that names the path already is taken as it is. */
export function targetUrl({ url, connection }: Target): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new Error(`${url} is no URL; write for example http://127.0.0.1:3000.`);
  }
  const target = new URL(url);
  if (target.pathname === "/") target.pathname = "/webhooks/meta";
  if (connection !== undefined) target.pathname = `${target.pathname.replace(/\/$/, "")}/${connection}`;
  return target.href;
}

/** Throws what to do when nothing answers there. */
export async function mustAnswer(target_url: string): Promise<void> {
  const poster = createPoster({ connections: 1, timeout_ms: 5_000 });
  try {
    await poster.get(new URL("/healthz", target_url).href);
  } catch (error) {
    const { origin } = new URL(target_url);
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(
      `Nothing answers at ${origin}${code === undefined ? "" : ` (${code})`}. Start Wharf with "npm start", or say with --url where it runs.`,
      { cause: error },
    );
  } finally {
    await poster.stop();
  }
}

/** A whole number of at least 1, for commander. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError("Write a whole number above 0.");
  return number;
}
