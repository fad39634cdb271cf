import classes from "./parts.module.css";

/** A URL of which one sees the host first. */
export function SplitUrl({ url }: { url: string }) {
  const [, scheme = "", host = "", rest = ""] = /^(https?:\/\/)([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (host === "") return <span className={classes["url"]}>{url}</span>;
  return (
    <span className={classes["url"]}>
      {scheme}
      <b>{host}</b>
      {rest}
    </span>
  );
}
