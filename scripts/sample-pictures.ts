/**
 * Pictures that are computed, so that they belong to no one: a harbour at dusk for the photo and the video, and a boat for
 * the stickers. Each is a function of a point and a time; nothing of it is by chance.
 */
export type Rgb = readonly [number, number, number];
/** With how much of it covers what is below. */
export type Rgba = readonly [number, number, number, number];

const mix = (a: number, b: number, part: number) => a + (b - a) * part;
const blend = (a: Rgb, b: Rgb, part: number): Rgb => [
  mix(a[0], b[0], part),
  mix(a[1], b[1], part),
  mix(a[2], b[2], part),
];
const clamp = (value: number) => Math.min(1, Math.max(0, value));
/** 0 below `from`, 1 above `to`, and smooth between. */
function step(from: number, to: number, value: number): number {
  const part = clamp((value - from) / (to - from));
  return part * part * (3 - 2 * part);
}

function hash(x: number, y: number): number {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth, between 0 and 1. */
function noise(x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [step(0, 1, x - left), step(0, 1, y - top)];
  return mix(
    mix(hash(left, top), hash(left + 1, top), u),
    mix(hash(left, top + 1), hash(left + 1, top + 1), u),
    v,
  );
}
const clouds = (x: number, y: number) =>
  noise(x, y) * 0.5 + noise(x * 2.1 + 7, y * 2.1) * 0.3 + noise(x * 4.3, y * 4.3 + 3) * 0.2;

const HORIZON = 0.6;
const SUN = { x: 0.31, y: 0.555 };
const LAMP = { x: 1.085, y: 0.253 };
const NIGHT: Rgb = [26, 48, 84];
const ROSE: Rgb = [214, 122, 108];
const GOLD: Rgb = [255, 205, 128];

function sky(x: number, y: number): Rgb {
  const height = (HORIZON - y) / HORIZON;
  let colour = blend(blend(GOLD, ROSE, step(0, 0.34, height)), NIGHT, step(0.18, 0.95, height));
  const cloud = step(0.5, 0.72, clouds(x * 2.2, y * 8 + 2)) * step(0.1, 0.3, height) * 0.55;
  colour = blend(colour, [246, 176, 140], cloud * (1 - height));
  const glow = Math.exp(-Math.hypot(x - SUN.x, (y - SUN.y) * 1.3) * 5.5);
  colour = blend(colour, [255, 226, 170], glow * 0.9);
  return blend(colour, [255, 244, 214], step(0.036, 0.032, Math.hypot(x - SUN.x, y - SUN.y)));
}

/** The far shore: its height above the horizon. */
const hills = (x: number) => 0.022 + noise(x * 3.1, 4) * 0.06 * step(0.15, 0.9, x) + noise(x * 11, 9) * 0.012;

function sea(x: number, y: number, t: number): Rgb {
  const depth = (y - HORIZON) / (1 - HORIZON);
  const far = 1 / (0.06 + depth);
  const wave =
    Math.sin(far * 9 + t * 2.1 + noise(x * 9, depth * 30) * 5) * 0.5 +
    noise(x * (14 + far * 4), far * 7 - t * 1.6) -
    0.5;
  const mirrored = sky(
    x + wave * 0.012,
    HORIZON - (y - HORIZON) * 0.75 - Math.abs(wave) * 0.03 * (depth + 0.2),
  );
  let colour = blend(mirrored, [30, 40, 74], 0.3 + depth * 0.5);
  const road =
    Math.exp(-(((x - SUN.x) / (0.05 + depth * 0.16)) ** 2)) * step(0.1, 0.75, wave + 0.45 - depth * 0.3);
  colour = blend(colour, [255, 222, 158], clamp(road) * 0.85);
  return blend(colour, [210, 226, 232], step(0.62, 0.9, wave) * 0.16 * depth);
}

/** The colour of a point of the harbour, `x` from 0 to 4/3 or 16/9 and `y` from 0 to 1 downwards, `t` seconds in. */
export function harbour(x: number, y: number, t: number): Rgb {
  let colour = y < HORIZON ? sky(x, y) : sea(x, y, t);
  const shore = hills(x);
  if (y < HORIZON && y > HORIZON - shore)
    colour = blend([58, 62, 88], ROSE, 0.25 + 0.3 * step(HORIZON - 0.06, HORIZON, y));

  const sailing = { x: 0.52 + t * 0.016, y: 0.662 + Math.sin(t * 2.2) * 0.004 };
  const tilt = Math.sin(t * 1.7) * 0.05;
  const [dx, dy] = [x - sailing.x, y - sailing.y];
  const [bx, by] = [dx * Math.cos(tilt) + dy * Math.sin(tilt), dy * Math.cos(tilt) - dx * Math.sin(tilt)];
  if (by > 0 && by < 0.05)
    colour = blend(colour, [36, 30, 44], 0.45 * step(0.09, 0.02, Math.abs(bx)) * (1 - by / 0.05));
  if (by < 0.012 && by > -0.012 && Math.abs(bx) < 0.062 - (by + 0.012) * 0.9) colour = [48, 34, 46];
  if (bx > 0.004 && by < -0.018 && by > -0.19 && bx < 0.062 * ((by + 0.19) / 0.172))
    colour = blend([250, 238, 220], [240, 176, 132], step(0, 0.06, bx));
  if (bx < -0.004 && by < -0.022 && by > -0.15 && -bx < 0.046 * ((by + 0.15) / 0.128)) colour = [206, 96, 74];
  if (Math.abs(bx) < 0.0022 && by < 0 && by > -0.2) colour = [56, 40, 46];

  const bulk = Math.exp(-(((x - LAMP.x) / 0.15) ** 2));
  const rock = HORIZON + 0.055 - bulk * (0.1 + noise(x * 26, 2) * 0.03);
  if (bulk > 0.05 && y > rock && y < HORIZON + 0.048 + bulk * 0.02 - noise(x * 40, t) * 0.012)
    colour = blend([34, 32, 44], [112, 84, 86], noise(x * 60, y * 90) * 0.5);
  const up = (HORIZON - 0.035 - y) / (HORIZON - 0.035 - LAMP.y);
  const half = 0.034 - clamp(up) * 0.012;
  if (up > 0 && up < 1 && Math.abs(x - LAMP.x) < half) {
    const side = (x - LAMP.x) / half;
    const stripe: Rgb = Math.floor(up * 5) % 2 === 0 ? [238, 226, 214] : [190, 62, 52];
    colour = blend(stripe, [52, 40, 58], step(-0.9, 1.2, side) * 0.7);
  }
  const [lx, ly] = [x - LAMP.x, y - LAMP.y];
  if (Math.abs(lx) < 0.028 && ly > -0.006 && ly < 0.004) colour = [44, 36, 46];
  if (Math.abs(lx) < 0.017 && ly <= -0.006 && ly > -0.046) colour = [255, 236, 178];
  if (ly <= -0.046 && ly > -0.072 && Math.abs(lx) < (ly + 0.072) * 0.9) colour = [156, 48, 44];

  // The lamp turns: a beam to either side, as wide as it is turned to us.
  const turn = Math.cos(t * 1.5 + 0.5);
  const away = Math.hypot(lx, ly + 0.026);
  const beam = Math.exp(-((Math.abs(ly + 0.026) / (0.008 + Math.abs(lx) * 0.085)) ** 2)) * Math.abs(turn);
  const side = Math.sign(lx) === Math.sign(turn) ? 1 : 0.25;
  colour = blend(colour, [255, 240, 196], clamp(beam * side * Math.exp(-Math.abs(lx) * 2.2)) * 0.55);
  return blend(colour, [255, 244, 206], Math.exp(-away * 26) * (0.4 + 0.45 * Math.abs(turn)));
}

/** How far outside of the polygon the point is; below 0 inside. */
function polygon(points: readonly (readonly [number, number])[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  let inside = false;
  for (const [at, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(at + 1) % points.length]!;
    const [ex, ey] = [bx - ax, by - ay];
    const along = clamp(((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey));
    least = Math.min(least, Math.hypot(x - ax - ex * along, y - ay - ey * along));
    if (ay > y !== by > y && x < ax + (ex * (y - ay)) / ey) inside = !inside;
  }
  return inside ? -least : least;
}

const HULL = [[-0.3, 0.12], [0.34, 0.12], [0.22, 0.28], [-0.2, 0.28]] as const; // prettier-ignore
const MAINSAIL = [[0.03, -0.36], [0.3, 0.06], [0.03, 0.06]] as const; // prettier-ignore
const JIB = [[-0.03, -0.28], [-0.03, 0.06], [-0.24, 0.06]] as const; // prettier-ignore
const MAST = [[-0.015, -0.38], [0.015, -0.38], [0.015, 0.14], [-0.015, 0.14]] as const; // prettier-ignore
const PENNANT = [[0.015, -0.39], [0.015, -0.31], [0.13, -0.35]] as const; // prettier-ignore

/** A boat that rocks on its waves, cut out with a white rim; `x` and `y` from 0 to 1, `turn` once around from 0 to 1. */
export function boat(x: number, y: number, turn: number): Rgba {
  const around = turn * 2 * Math.PI;
  const [sin, cos] = [Math.sin(Math.sin(around) * 0.11), Math.cos(Math.sin(around) * 0.11)];
  const [px, py] = [x - 0.5, y - 0.5 + 0.018 * Math.cos(around)];
  const [bx, by] = [px * cos + (py - 0.25) * sin, (py - 0.25) * cos - px * sin + 0.25];
  const parts: readonly (readonly [distance: number, colour: Rgb])[] = [
    [polygon(PENNANT, bx, by) - 0.006, [242, 166, 90]],
    [polygon(MAST, bx, by) - 0.002, [92, 64, 52]],
    [polygon(MAINSAIL, bx, by) - 0.014, [253, 248, 238]],
    [polygon(JIB, bx, by) - 0.014, [214, 86, 75]],
    [
      polygon(HULL, bx, by) - 0.02,
      by > 0.155 && by < 0.185 ? [253, 248, 238] : blend([21, 97, 109], [15, 76, 92], step(0.1, 0.3, by)),
    ],
    [
      Math.max(
        0.262 + 0.02 * Math.sin((x - 0.5) * 26 + around) - (y - 0.5),
        Math.abs(x - 0.5) - 0.4,
        y - 0.5 - 0.37,
      ) - 0.01,
      blend([84, 167, 174], [51, 143, 152], step(0.27, 0.36, y - 0.5)),
    ],
  ];
  const rim = 0.028 - Math.min(...parts.map(([distance]) => distance));
  let colour: Rgb = [255, 255, 255];
  for (const [distance, fill] of parts) colour = blend(colour, fill, step(0.003, -0.003, distance));
  return [...colour, step(-0.004, 0.002, rim)];
}
