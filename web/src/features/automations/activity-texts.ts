import { formatNumber, formatPercent } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";
import { people } from "./texts.ts";

/** What the activity of an automation says: its runs, and each person's way. */

export const RUN_STATES = {
  ACTIVE: "Active",
  PAUSED: "Paused",
  COMPLETED: "Completed",
  FAILED: "Failed",
  EXITED: "Left early",
  CANCELLED: "Ended",
  BLOCKED: "Kept out",
};
export const STATUSES = {
  PENDING: "Pending",
  SCHEDULED: "Waiting",
  COMPLETED: "Completed",
  FAILED: "Failed",
  SKIPPED: "Skipped",
};

export const ACTIVITY = {
  title: "People",
  loading: "Loading people",
  none: "No one yet",
  none_yet: "When the automation is active, everyone who enters is listed here with each step.",
  none_text: "No one matches. Change the filters.",
  summary: "Summary",
  cards: {
    entered: "Entered",
    active: "Inside now",
    completed: "Completed",
    failed: "Failed",
    exited: "Left early",
    blocked: "Kept out",
    goal: "Reached the goal",
  },
  goal_rate: (goal: number, entered: number) =>
    entered === 0 ? "" : `${formatPercent(goal / entered)} of those who entered`,
  counted: { goal: "Reached the goal", left: "Left before the end" },
  any_end: "However it ended",
  how_ended: "How it ended",
  columns: ["Person", "State", "Step", "Entered", "What happened"],
  state: "State",
  any_state: "Any state",
  node: "Step",
  any_node: "Any step",
  search: "Search people",
  search_hint: "Name or number",
  stopped: "Stopped by a template",
  time: "Entered",
  any_time: "At any time",
  from_to: "From … to …",
  from: "From",
  to: "To",
  clear: "Clear filters",
  more: "Show more",
  no_number: "No number",
  version: (version: number) => `version ${version}`,
  open: (name: string) => `Show every step of ${isolate(name)}`,
  conversation: "Open the conversation",
  choose: (name: string) => `Choose ${isolate(name)}`,
  choose_all: "Choose all that are listed",
  unknown_step: "A step of an earlier version",
  ended: "Ended",
};

export const WAY = {
  title: (name: string) => `Each step of ${isolate(name)}`,
  loading: "Loading the steps",
  none: "No step was begun.",
  until: (when: string) => `until ${when} at the latest`,
  took: (length: string) => `took ${length}`,
  went_by: (port: string) => `Goes on by “${port}”`,
};

const VERBS = {
  retry: { button: "Retry", yes: "Retry", done: "They go on", failed: "They were not retried" },
  cancel: { button: "End", yes: "End runs", done: "Runs ended", failed: "The runs were not ended" },
  resume: { button: "Resume", yes: "Resume", done: "They go on", failed: "They were not resumed" },
  move: {
    button: "Move to the current version",
    yes: "Move",
    done: "Moved",
    failed: "They were not moved",
  },
};
export const BULK = {
  verbs: VERBS,
  label: "Actions",
  chosen: (count: number) => `${formatNumber(count)} chosen`,
  all_matching: "Everyone who matches",
  title: {
    retry: (count: number) => `Retry ${people(count)}?`,
    cancel: (count: number) => `End the runs of ${people(count)}?`,
    resume: (count: number) => `Resume ${people(count)}?`,
    move: (count: number) => `Move ${people(count)}?`,
  },
  counting: "Counting…",
  none: "It can’t be done for anyone of them.",
  retry_text: "Each goes on at the step where it ended. Nothing that was sent before is sent again.",
  version: "On which version",
  versions: { own: "The version that each is on", active: "The version that people enter now" },
  from: "Go on at",
  from_end: "The step where each ended",
  cancel_text: "They leave the automation at once. This can’t be undone.",
  resume_text: "They go on where they were paused.",
  move_text: (version: number) => `They go on on version ${version}:`,
  stay: (count: number) =>
    `${people(count)} can’t be moved as they are: choose a step for them, or they stay.`,
  from_node: (name: string, version: number, count: number) =>
    `${people(count)} at ${isolate(name)} (version ${version})`,
  lands: "Go on at",
  no_place: "Stay on their version",
  clear: "Choose no one",
};

export const PEOPLE = {
  loading: "Loading people",
  none: "No one is behind this number.",
  more: "Show more",
};
