import { readDuration } from "./durations.ts";
import { texts } from "../texts.ts";

/** A file that was chosen to be played: as far as one can see of it here, and what is wrong with it. */
export interface ScenarioFile {
  name: string;
  about: string | null;
  steps: number;
  seconds: number;
  /** Null when it can't be played. */
  scenario: Record<string, unknown> | null;
  problems: Problem[];
}

export interface Problem {
  /** Where it is in the file, as `steps.0.at`; null for the file as a whole. */
  place: string | null;
  says: string;
}

/** Of the simulator's own: `first-day` is shown as “First day”. */
export const titleOf = (name: string) => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("-", " ");

export function readScenarioFile(name: string, text: string): ScenarioFile {
  const refused = (says: string) => ({
    name,
    about: null,
    steps: 0,
    seconds: 0,
    scenario: null,
    problems: [{ place: null, says }],
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(texts.scenarios.no_json((error as Error).message));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refused(texts.scenarios.no_steps);
  const scenario = value as Record<string, unknown>;
  const steps = Array.isArray(scenario["steps"]) ? (scenario["steps"] as unknown[]) : [];
  const { about } = scenario;
  return {
    name,
    about: typeof about === "string" ? about : null,
    steps: steps.length,
    seconds: Math.max(0, ...steps.map(timeOf)),
    scenario,
    problems: [],
  };
}

/** The server names a place and what is wrong there, line by line. */
export function problemsOf(detail: string): Problem[] {
  return detail.split("\n").map((line) => {
    const [, place, says] = /^([\w.]+): (.*)$/.exec(line) ?? [];
    return place === undefined || says === undefined ? { place: null, says: line } : { place, says };
  });
}

function timeOf(step: unknown): number {
  const at = typeof step === "object" && step !== null && "at" in step ? step.at : 0;
  if (typeof at === "number") return at;
  return typeof at === "string" ? (readDuration(at) ?? 0) : 0;
}
