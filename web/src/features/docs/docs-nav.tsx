import { Link } from "@tanstack/react-router";
import classes from "./docs.module.css";
import { groups } from "./pages.ts";
import { DOCS } from "./texts.ts";

/** Every page of the docs; folded on a narrow screen. */
export function DocsNav({ current }: { current: string }) {
  const list = (
    <nav aria-label={DOCS.nav}>
      {groups.map(({ group, pages }) => (
        <div key={group}>
          <b>{group}</b>
          {pages.map(({ name, title }) => (
            <Link
              key={name}
              to="/docs/$name"
              params={{ name }}
              aria-current={name === current ? "page" : undefined}
            >
              {title}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
  return (
    <>
      <div className={classes["nav"]}>{list}</div>
      <details className={classes["folded"]}>
        <summary>{DOCS.all}</summary>
        {list}
      </details>
    </>
  );
}
