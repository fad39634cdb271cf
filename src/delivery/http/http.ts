/** One attempt over HTTP: only to addresses that are allowed, within one deadline, and its errors in words. */
export { attemptError } from "./attempt-errors.ts";
export { type Attempt, type Attempter, createAttempter } from "./attempt.ts";
export { createGuard, type Guard } from "./ssrf-guard.ts";
export { isSameTarget, readTargetUrl, spellUrl } from "./target-url.ts";
