import { Link } from "@tanstack/react-router";
import { IconExternalLink } from "@tabler/icons-react";
import { useTitle } from "../../lib/page/title.ts";
import { Page } from "../../ui/page.tsx";
import classes from "./docs.module.css";
import { groups } from "./pages.ts";
import { DOCS } from "./texts.ts";

/** What there is to read, with a line on each. */
export function DocsPage() {
  useTitle(DOCS.title);
  return (
    <Page title={DOCS.title} lead={DOCS.lead}>
      <div className={classes["groups"]}>
        {groups.map(({ group, pages }) => (
          <section key={group} aria-label={group}>
            <h2>{group}</h2>
            <ul>
              {pages.map(({ name, title, about }) => (
                <li key={name}>
                  <Link to="/docs/$name" params={{ name }}>
                    <b>{title}</b>
                    <span>{about}</span>
                  </Link>
                </li>
              ))}
              {group === "Integrate" && (
                <li>
                  <a href="/api/docs" target="_blank" rel="noopener">
                    <b>
                      {DOCS.reference} <IconExternalLink size={14} aria-hidden />
                    </b>
                    <span>{DOCS.reference_about}</span>
                  </a>
                </li>
              )}
            </ul>
          </section>
        ))}
      </div>
    </Page>
  );
}
