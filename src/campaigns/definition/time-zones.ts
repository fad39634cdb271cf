import { tableOf } from "../../base/base.ts";

/** Where most people of a country live that has several zones; for the others the only one. */
const MAIN_ZONES = tableOf<string>({
  AR: "America/Argentina/Buenos_Aires",
  AU: "Australia/Sydney",
  BR: "America/Sao_Paulo",
  CA: "America/Toronto",
  CD: "Africa/Kinshasa",
  CL: "America/Santiago",
  CN: "Asia/Shanghai",
  CY: "Asia/Nicosia",
  DE: "Europe/Berlin",
  EC: "America/Guayaquil",
  ES: "Europe/Madrid",
  FM: "Pacific/Pohnpei",
  GL: "America/Nuuk",
  ID: "Asia/Jakarta",
  IL: "Asia/Jerusalem",
  KI: "Pacific/Tarawa",
  KZ: "Asia/Almaty",
  MH: "Pacific/Majuro",
  MN: "Asia/Ulaanbaatar",
  MX: "America/Mexico_City",
  MY: "Asia/Kuala_Lumpur",
  NZ: "Pacific/Auckland",
  PF: "Pacific/Tahiti",
  PG: "Pacific/Port_Moresby",
  PS: "Asia/Gaza",
  PT: "Europe/Lisbon",
  RU: "Europe/Moscow",
  UA: "Europe/Kiev",
  US: "America/New_York",
  UZ: "Asia/Tashkent",
  VN: "Asia/Ho_Chi_Minh",
});

/** The zone of most people in a country, by its ISO code; null: it is not known. */
export function zoneOfCountry(country: string): string | null {
  const main = MAIN_ZONES[country];
  if (main !== undefined) return main;
  try {
    const locale = new Intl.Locale("und", { region: country }) as Intl.Locale & {
      timeZones?: string[];
      getTimeZones?: () => string[];
    };
    return (locale.getTimeZones?.() ?? locale.timeZones)?.[0] ?? null;
  } catch {
    return null;
  }
}

export function isZone(time_zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: time_zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** When the clock of a zone shows this date and time; where it skips the hour, the moment after. */
export function instantIn(date: string, time: string, time_zone: string): number {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const first = wanted - offset_ms(wanted, time_zone);
  return wanted - offset_ms(first, time_zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clock of a zone is ahead of UTC at a moment. */
function offset_ms(at_ms: number, time_zone: string): number {
  const format =
    formats.get(time_zone) ??
    new Intl.DateTimeFormat("en", {
      timeZone: time_zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(time_zone, format);
  const parts = new Map(format.formatToParts(at_ms).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - Math.floor(at_ms / 1_000) * 1_000;
}
