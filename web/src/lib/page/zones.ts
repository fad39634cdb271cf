/** Times of the clock in a zone: what a schedule is chosen by. */

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** All that the browser knows, with the own one and UTC among them. */
export const allZones = (): string[] =>
  [...new Set(["UTC", ownZone(), ...Intl.supportedValuesOf("timeZone")])].toSorted();

interface Clock {
  /** `2026-11-30` */
  date: string;
  /** `09:30` */
  time: string;
}

/** What the clock shows in a zone at a moment. */
export function clockIn(zone: string, at: number): Clock {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { date: `${of("year")}-${of("month")}-${of("day")}`, time: `${of("hour")}:${of("minute")}` };
}

/**
 * When the clock of a zone shows this; null while it is no time. Of an hour that comes twice, the first; one that is left
 * out is taken as the hour after.
 */
export function momentIn(zone: string, { date, time }: Clock): string | null {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wanted)) return null;
  const ahead = (at: number) => {
    const shown = clockIn(zone, at);
    return Date.parse(`${shown.date}T${shown.time}:00Z`) - Math.floor(at / 60_000) * 60_000;
  };
  const first = wanted - ahead(wanted - 86_400_000);
  const second = wanted - ahead(first);
  return new Date(ahead(second) === ahead(first) ? first : Math.max(first, second)).toISOString();
}
