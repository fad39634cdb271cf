import { tableOf } from "./table-of.ts";

/** Clocks where people are. Zones and their rules are ICU's, which Node brings along: no second copy of them to keep fresh. */

export interface WallTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  /** ISO: 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Since midnight. */
  minute: number;
}

/** Of countries with several clocks the one by which most of their people live. Source: CLDR's zones, each country's census. */
const MOST_PEOPLE = tableOf<string>({
  AR: "America/Argentina/Buenos_Aires",
  AU: "Australia/Sydney",
  BR: "America/Sao_Paulo",
  CA: "America/Toronto",
  CD: "Africa/Kinshasa",
  CL: "America/Santiago",
  CN: "Asia/Shanghai",
  CY: "Asia/Nicosia",
  EC: "America/Guayaquil",
  ES: "Europe/Madrid",
  FM: "Pacific/Pohnpei",
  GL: "America/Nuuk",
  ID: "Asia/Jakarta",
  KI: "Pacific/Tarawa",
  KZ: "Asia/Almaty",
  MN: "Asia/Ulaanbaatar",
  MX: "America/Mexico_City",
  MY: "Asia/Kuala_Lumpur",
  NZ: "Pacific/Auckland",
  PF: "Pacific/Tahiti",
  PG: "Pacific/Port_Moresby",
  PT: "Europe/Lisbon",
  RU: "Europe/Moscow",
  UA: "Europe/Kyiv",
  US: "America/New_York",
});

const zones = new Map<string, string | null>();

/** The zone of a country by its ISO code, null for none that is known. */
export function zoneOfCountry(country: string): string | null {
  const known = zones.get(country);
  if (known !== undefined) return known;
  const zone = /^[A-Z]{2}$/.test(country) ? (MOST_PEOPLE[country] ?? firstZone(country)) : null;
  zones.set(country, zone);
  return zone;
}

/** A property in Node up to 23, a method from then on; the types of ECMAScript have neither yet. */
interface Zoned extends Intl.Locale {
  timeZones?: string[];
  getTimeZones?(): string[] | undefined;
}

function firstZone(country: string): string | null {
  const locale: Zoned = new Intl.Locale(`und-${country}`);
  return (locale.getTimeZones?.() ?? locale.timeZones ?? [])[0] ?? null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
/** So many zones are in use at once; names come from people, so the rest is not kept. */
const CLOCKS = 600;

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (clocks.size >= CLOCKS) clocks.clear();
  clocks.set(zone, clock);
  return clock;
}

export function isTimeZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds by which the zone is ahead of UTC at that moment. */
function offsetAt_ms(zone: string, at_ms: number): number {
  const second_ms = Math.floor(at_ms / 1_000) * 1_000;
  const parts: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(second_ms)) parts[type] = Number(value);
  const of = (part: Intl.DateTimeFormatPartTypes) => parts[part] ?? 0;
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - second_ms;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What clock and calendar show in the zone. Throws a RangeError for a name that is no zone. */
export function wallTime(zone: string, at_ms: number): WallTime {
  const local = new Date(at_ms + offsetAt_ms(zone, at_ms));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay() === 0 ? 7 : local.getUTCDay(),
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

/** The first moment at which the zone's clock shows it; where it skips that time, as much later as it skips. */
export function momentOf(
  zone: string,
  { year, month, day, minute }: Pick<WallTime, "year" | "month" | "day" | "minute">,
): number {
  const shown_ms = Date.UTC(year, month - 1, day) + minute * MINUTE_MS;
  const offsets = [offsetAt_ms(zone, shown_ms - DAY_MS), offsetAt_ms(zone, shown_ms + DAY_MS)];
  // The larger offset gives the earlier moment. Neither is right for a time that is skipped: then the smaller one, which
  // held before the change, leads to the time after it.
  const early_ms = shown_ms - Math.max(offsets[0]!, offsets[1]!);
  return offsetAt_ms(zone, early_ms) === shown_ms - early_ms
    ? early_ms
    : shown_ms - Math.min(offsets[0]!, offsets[1]!);
}
