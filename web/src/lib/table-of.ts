/**
 * A table that is looked up by a word from outside. Plain objects have words of their own: `constructor`, `toString`,
 * `__proto__`. This one has none but those given, so what it doesn't hold is undefined. See test/foreign-words.test.ts.
 */
export const tableOf = <Value>(rows: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.freeze(Object.setPrototypeOf({ ...rows }, null) as Record<string, Value>);
