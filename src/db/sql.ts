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
    const { name } = this;
    const values: unknown[] = [];
    const chars = collect(this, values);
    const known = name === undefined ? undefined : rendered.get(name);
    if (known?.chars === chars && known.places === values.length) return { name, text: known.text, values };
    let place = 0;
    const render = (piece: Sql): string =>
      piece.strings.reduce((text, string, i) => {
        const value = piece.values[i - 1];
        return text + (value instanceof Sql ? render(value) : `$${++place}`) + string;
      });
    const text = render(this);
    if (name !== undefined) rendered.set(name, { text, chars, places: values.length });
    return { name, text, values };
  }
}

/**
 * Texts of named statements, by their names: the long ones cost more to put together than to send. Pieces of another
 * length are another text, which pg then refuses under that name.
 */
const rendered = new Map<string, { text: string; chars: number; places: number }>();

/** Appends the values in reading order; how long all pieces are together. */
function collect(piece: Sql, values: unknown[]): number {
  let chars = 0;
  for (const [i, string] of piece.strings.entries()) {
    chars += string.length;
    if (i === piece.strings.length - 1) break;
    const value = piece.values[i];
    if (value instanceof Sql) chars += collect(value, values);
    else values.push(value);
  }
  return chars;
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
