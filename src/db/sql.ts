/**
 * SQL as SQL: pieces nest, values become $1, $2, … and are never interpolated.
 *
 *   sql`select * from contacts where ${and(sql`workspace_id = ${id}`, ...conditions)}`
 */
export class Sql {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  readonly name: string | undefined;

  constructor(strings: readonly string[], values: readonly unknown[], name?: string) {
    this.strings = strings;
    this.values = values;
    this.name = name;
  }

  /** The text with numbered places, and the values in reading order. */
  toQuery(): { name: string | undefined; text: string; values: unknown[] } {
    const values: unknown[] = [];
    const render = (piece: Sql): string =>
      piece.strings.reduce((text, string, i) => {
        const value = piece.values[i - 1];
        return text + (value instanceof Sql ? render(value) : `$${values.push(value)}`) + string;
      });
    return { name: this.name, text: render(this), values };
  }
}

export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return new Sql(strings, values);
}

/** A statement that each connection reads only once: its text must be the same at every call, its values may differ. */
export function named(name: string): typeof sql {
  return (strings, ...values) => new Sql(strings, values, name);
}

export function and(...conditions: Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : conditions.reduce((a, b) => sql`${a} and ${b}`);
}
