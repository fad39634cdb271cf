/** What was made for a name is made once; beyond `limit` names the oldest are forgotten. */
export function remember<Value>(limit: number): (name: string, make: () => Value) => Value {
  const known = new Map<string, Value>();
  return (name, make) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const value = make();
    if (known.size >= limit) known.delete(known.keys().next().value!);
    known.set(name, value);
    return value;
  };
}
