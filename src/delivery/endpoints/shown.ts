/** A row as the API shows it: the same names, times as ISO 8601 text. */
export type Shown<Row> = {
  [Key in keyof Row]: Row[Key] extends Date
    ? string
    : Row[Key] extends Date | null
      ? string | null
      : Row[Key];
};

export function shown<Row extends object>(row: Row): Shown<Row> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  ) as Shown<Row>;
}
