import { formatNumber } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";

/** What the list of automations says, and what several of their pages do. */

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;

export const TITLE = "Automations";
export const people = (count: number) => many(count, "person", "people");

export const STATES = { DRAFT: "Draft", ACTIVE: "Active", INACTIVE: "Inactive" };

export const LIST = {
  lead: "Messages that follow from what people do: each waits for what really happened, and goes on from there.",
  create: "New automation",
  loading: "Loading automations",
  older: "Show more",
  back: "All automations",
  state: "State",
  all: "All",
  search: "Search automations",
  search_hint: "A part of the name",
  clear: "Clear search",
  columns: ["Automation", "On", "Starts when", "Entered", "Active", "Completed", "Failed", "Changed"],
  entered: "Entered",
  active: "Active",
  completed: "Completed",
  failed: "Failed",
  no_trigger: "No trigger yet",
  version: (version: number) => `Version ${version}`,
  changed: "unpublished changes",
  stopped: (nodes: number, count: number) =>
    `${many(nodes, "step has", "steps have")} a template that can’t be sent. ${people(count)} stopped there.`,
  switch_on: (name: string) => `${isolate(name)} is active`,
  none: "No automation matches",
  none_text: "Change the search or choose another state.",
  empty: "Start from a recipe",
  empty_text: "Each is a whole flow that you change to fit. It takes no one in before you activate it.",
  no_recipes: "No automations yet",
  no_recipes_text:
    "An automation starts when something happens, and then sends, waits and decides for each person.",
};

export const CREATE = {
  title: "New automation",
  name: "Name",
  name_hint: "Such as “Abandoned checkout”. Only your team sees it.",
  from: "Start from",
  empty: "An empty flow",
  empty_hint: "A trigger alone. You add each step.",
  file: "A file",
  file_hint: "An automation that was exported here or in another Wharf.",
  choose_file: "Choose a file",
  chosen_file: (name: string) => `From ${isolate(name)}`,
  wrong_file: "This file does not hold an automation of Wharf. Choose one that was exported from Wharf.",
  damaged: "Some of the file can’t be read. You can take in the rest:",
  steps: (count: number) => many(count, "step", "steps"),
  create: "Create",
  cancel: "Cancel",
  failed: "The automation was not created",
  recipes: "Recipes",
  from_recipe: (name: string) => `Use this recipe: ${name}`,
  use_it: "Use this recipe",
  unnamed: "New automation",
};

export const TURN = {
  on: "Activate",
  off: "Deactivate",
  activated: "Automation activated",
  activated_text: (version: number) => `People enter version ${version} from now on.`,
  not_activated: "The automation was not activated",
  checks: (count: number) => `${many(count, "thing has", "things have")} to be completed first.`,
  ok: "All right",
  close: "Close",
  see_checks: "See what is missing",
  deactivated: "Automation deactivated",
  deactivated_text: "No one enters any more.",
  not_deactivated: "The automation was not deactivated",
  ask_off: "Deactivate this automation?",
  off_text: "No one enters any more. You can activate it again at any time.",
  inside: (count: number) =>
    count === 1 ? "1 person is inside." : `${formatNumber(count)} people are inside.`,
  go_on: "They finish what they began",
  cancel_runs: "End their runs now",
  what_inside: "People inside",
  ask_on: (version: number) => `Activate version ${version}?`,
  ask_first: "Activate this automation?",
  on_text: "New people enter the flow as it stands now.",
  on_text_inside: (count: number) =>
    `${people(count)} inside ${count === 1 ? "finishes" : "finish"} on the version that they entered.`,
  existing: "People who match already",
  counting: "Counting people who match already…",
  no_count: "They could not be counted. Try again before you activate.",
  enter_existing: (count: number) => `Activate for ${people(count)} and everyone to come`,
};

export const DELETE = {
  button: "Delete",
  title: (name: string) => `Delete ${isolate(name)}?`,
  text: "Its flow, its versions and all that is known of its runs are deleted. Messages stay in their conversations.",
  blocked: "Deactivate it first. People who are inside have to finish, or their runs have to be ended.",
  yes: "Delete automation",
  done: "Automation deleted",
  failed: "The automation was not deleted",
};

export const DUPLICATE = {
  button: "Duplicate",
  done: "Automation duplicated",
  failed: "The automation was not duplicated",
};
