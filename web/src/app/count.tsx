import classes from "./shell.module.css";

/** How much waits at a place, or is in trouble there; nothing where there is none. */
export function Count({
  of = 0,
  says,
  trouble = false,
}: {
  of?: number;
  says?: (count: number) => string;
  trouble?: boolean;
}) {
  if (of === 0) return null;
  const label = says?.(of);
  return (
    <b aria-label={label} title={label} className={classes["count"]} data-alert={trouble || undefined}>
      {of > 99 ? "99+" : of}
    </b>
  );
}
