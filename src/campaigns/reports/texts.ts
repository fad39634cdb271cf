import type { SkipReason } from "../../contract/campaigns.ts";

/** What people read in the analytics of campaigns. */
export const SKIPPED: Readonly<Record<SkipReason, string>> = {
  consent: "No consent to marketing messages",
  unreachable: "No number or user id to write to",
  missing_value: "A value of the template was missing",
  frequency_cap: "Got as many marketing messages as the limit allows",
  quiet_hours: "Quiet hours until after the campaign's end",
  template: "No usable template in the person's language",
  erased: "The person's data was erased",
};

export const NOT_META = {
  title: "Wharf could not send it",
  advice: "Open the conversation to see why, and send it again from there.",
};

const many = (n: number, one: string, more: string) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;

export const awaiting = (n: number): string =>
  `${many(n, "message awaits", "messages await")} a delivery report from WhatsApp.`;
export const awaitingForGood = (n: number): string =>
  `${many(n, "message never got", "messages never got")} a delivery report. WhatsApp repeats its reports for 7 days, so they will not come any more.`;
export const unconfirmed = (n: number): string =>
  `For ${many(n, "message", "messages")} it is not known whether WhatsApp took ${n === 1 ? "it" : "them"}. Open ${n === 1 ? "it" : "them"} and decide whether to send again.`;
export const silent = (number: string, since: string): string =>
  `WhatsApp has told nothing of ${number} since ${since} UTC. Numbers may be too low until its reports arrive; check the webhook in Settings.`;
export const unreadable = (n: number): string =>
  `${many(n, "webhook", "webhooks")} could not be processed since the campaign began. Retry ${n === 1 ? "it" : "them"} in the Journal; until then numbers may be too low.`;
export const gap = (from: string, to: string): string =>
  `No webhook came between ${from} and ${to} UTC. Reports that WhatsApp gave up on in that time are missing here.`;
export const preparing = "The recipients are still being written, so the audience will grow.";

/** What stands for what is not known, in reports. */
export const UNKNOWN = "Not known";
export const NO_NUMBER = "No number";
export const NO_TEMPLATE = "No template";
