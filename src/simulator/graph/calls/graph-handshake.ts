import { randomInt } from "node:crypto";
import { GraphFault } from "../protocol/protocol.ts";

/** How long a callback URL has to answer. */
const ANSWER_MS = 10_000;

/** Asks a callback URL as Meta does before it takes it. Source: Graph API, Webhooks, Getting Started; error 2200. */
export async function shakeHands(callback_url: string, verify_token: string): Promise<void> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
  const url = new URL(callback_url);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", verify_token);
  const refused = (why: string) =>
    new GraphFault(2200, `(#2200) Callback verification failed with the following errors: ${why}`);
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    () => null,
  );
  if (response === null) throw refused("The URL couldn't be reached.");
  const said = await response.text();
  if (response.status !== 200)
    throw refused(`HTTP Status Code = ${response.status}; HTTP Message = ${response.statusText}`);
  if (said !== challenge) throw refused("The challenge was not returned.");
}
