import type { SetupStep } from "../../lib/server/setup.ts";

/** Every text of the first steps. */

export const START = {
  title: "Get started",
  lead: "Four steps to a working Wharf. Each ticks itself off.",
  progress: (done: number, all: number) => `${done} of ${all} done`,
  done: "Done",
  open: "To do",
  hide: "Hide these steps",
  hidden: "First steps hidden",
  hidden_text: "You can show them again in Settings.",
  not_hidden: "Not hidden",
  all_done: "All set. This list is gone from the sidebar.",
  inbox: "Go to Inbox",
  loading: "Loading the first steps",
  owners: "Only owners of the workspace see the first steps.",
};

export const STEPS: Record<SetupStep, { title: string; text: string; action: string }> = {
  play: {
    title: "Play a customer",
    text: "Write from the phone in the Sandbox, and watch the message arrive in the Inbox. Nothing leaves this machine.",
    action: "Open Sandbox",
  },
  connect: {
    title: "Connect Meta",
    text: "Enter your Meta app’s credentials, and register the callback URL. Each step is checked with Meta, and takes a few minutes.",
    action: "Connect Meta",
  },
  webhook: {
    title: "Add a webhook",
    text: "Send events to your own server, signed and unchanged. A test shows at once whether it works.",
    action: "Open Webhooks",
  },
  api_key: {
    title: "Create an API key",
    text: "Let your programs read conversations and send messages.",
    action: "Open API keys",
  },
};

/** In live mode there is no sandbox: the first message comes from a real phone. */
export const PLAY_LIVE = {
  title: "Receive a first message",
  text: "Write to your WhatsApp number from a phone. The message appears in the Inbox.",
  action: "Open Inbox",
};
