/**
 * SQL as SQL: pieces nest, values become $1, $2, … and are never interpolated.
 *
 *   sql`select * from contacts where ${and(sql`workspace_id = ${id}`, ...conditions)}`
 */
export class Sql {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];

  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }

  /** The text with numbered places, and the values in reading order. */
  toQuery(): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const render = (piece: Sql): string =>
      piece.strings.reduce((text, string, i) => {
        const value = piece.values[i - 1];
        return text + (value instanceof Sql ? render(value) : `$${values.push(value)}`) + string;
      });
    return { text: render(this), values };
  }
}

export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return new Sql(strings, values);
}

export function and(...conditions: Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : conditions.reduce((a, b) => sql`${a} and ${b}`);
}
