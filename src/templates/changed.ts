/** `before` with what was asked for; what was left out stays. */
export function changed<Row extends object>(
  before: Row,
  changes: { readonly [Name in keyof Row]?: Row[Name] | undefined },
): Row {
  const asked = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...before, ...(Object.fromEntries(asked) as Partial<Row>) };
}
