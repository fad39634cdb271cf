import type { Role } from "../config.ts";

export const FRONT: readonly Role[] = ["intake", "api"];

/** Which roles each of `count` processes has: the door apart from the work behind it, so that neither starves the other. */
export function planProcesses(count: number, roles: Role[]): Role[][] {
  const front = roles.filter((role) => FRONT.includes(role));
  const back = roles.filter((role) => !FRONT.includes(role));
  if (count === 1) return [roles];
  if (front.length === 0 || back.length === 0) return Array.from({ length: count }, () => roles);
  const fronts = Math.floor(count / 2);
  return Array.from({ length: count }, (_, i) => (i < fronts ? front : back));
}
