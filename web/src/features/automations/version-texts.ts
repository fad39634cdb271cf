import { isolate } from "../../lib/words/isolate.ts";
import { people } from "./texts.ts";

/** What the versions of an automation and their differences say. */

export const VERSIONS = {
  loading: "Loading versions",
  none: "No versions yet",
  none_text:
    "Each time that you activate the flow, it becomes a version. People finish on the version that they entered.",
  version: (version: number) => `Version ${version}`,
  draft: "Draft",
  draft_text: "What you are drawing now.",
  active: "People enter it now",
  inside: (count: number) => `${people(count)} inside`,
  no_one: "No one inside",
  by: (name: string) => `by ${isolate(name)}`,
  list: "Versions",
  compare: (name: string) => `What changed in ${name}`,
  against: (name: string) => `Compared with ${name}`,
  first: "The first version.",
  restore: "Use as draft",
  restored: "The draft is this version again",
  restored_text: "Undo brings back what was drawn before.",
  move: "Move people here",
  more: "Show more",
};

export const DIFF = {
  none: "Nothing is different.",
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  ways: "Leads elsewhere",
  settings: "Settings",
  before: "before",
  after: "now",
  empty: "empty",
  way: (port: string, before: string, after: string) => `${port}: ${before} → ${after}`,
  nowhere: "nowhere",
};
