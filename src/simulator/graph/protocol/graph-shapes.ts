import { z } from "zod";

/** Parts that the shapes of several messages have. */
export const text = (limit: number) => z.string().min(1).max(limit);
export const body = (limit: number) => z.object({ text: text(limit) });

/** Graph reads `"true"` as true, and a number in a string as that number, since forms have nothing else. */
export const flag = z.preprocess(
  (given) => (given === "true" ? true : given === "false" ? false : given),
  z.boolean(),
);
export const whole = (least: number, most: number) =>
  z.preprocess(
    (given) => (typeof given === "string" && /^-?\d+$/.test(given) ? Number(given) : given),
    z.number().int().min(least).max(most),
  );

const mediaId = z.object({ id: z.string().regex(/^\d+$/) });
export const mediaLink = z.object({ link: z.url({ protocol: /^https?$/ }) });
/** A file by its id or by its address, and what else may be said of it. */
export const medium = (more: Record<string, z.ZodType> = {}) =>
  z.union([
    z.strictObject({ ...mediaId.shape, ...more }),
    z.strictObject({ ...mediaLink.shape, provider: z.string().optional(), ...more }),
  ]);

/** A file that a message names by its id, with Graph's name of that parameter. */
export interface NamedMedium {
  id: string;
  name: string;
}

/** Each of them, wherever it stands. What else is in an `action` has ids of its own: of buttons, rows, forms. */
export function mediaIn(value: unknown, name: string): NamedMedium[] {
  if (typeof value !== "object" || value === null) return [];
  const own = mediaId.safeParse(value);
  const parts = Object.entries(value).flatMap(([part, inner]) => {
    const inside = Array.isArray(value) ? `${name}[${part}]` : `${name}['${part}']`;
    if (part !== "action") return mediaIn(inner, inside);
    return mediaIn((inner as { cards?: unknown } | null)?.cards, `${inside}['cards']`);
  });
  return [...(own.success ? [{ id: own.data.id, name: `${name}['id']` }] : []), ...parts];
}
