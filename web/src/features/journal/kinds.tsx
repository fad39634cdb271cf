import classes from "./journal.module.css";

/** `message ×3`, `status`: what a webhook brought first. */
export function Kinds({ kinds }: { kinds: string[] }) {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 0) return <span className={classes["none"]}>Nothing new</span>;
  return (
    <span className={classes["kinds"]}>
      {[...counts].map(([kind, count]) => (
        <code key={kind}>
          {kind}
          {count > 1 && ` ×${count}`}
        </code>
      ))}
    </span>
  );
}
