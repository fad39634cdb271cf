import { Link } from "@tanstack/react-router";
import bar from "./filter-bar.module.css";
import classes from "./contact-tabs.module.css";
import { CONTACT_TABS } from "./texts.ts";

const PAGES = [
  ["/contacts", CONTACT_TABS.contacts],
  ["/contacts/lists", CONTACT_TABS.lists],
  ["/contacts/segments", CONTACT_TABS.segments],
  ["/contacts/tags", CONTACT_TABS.tags],
  ["/contacts/fields", CONTACT_TABS.fields],
  ["/contacts/imports", CONTACT_TABS.imports],
  ["/contacts/consent", CONTACT_TABS.consent],
] as const;

export type ContactTab = (typeof PAGES)[number][0];

/** The pages about contacts, whichever feature draws them. */
export function ContactTabs({ at }: { at: ContactTab }) {
  return (
    <nav aria-label={CONTACT_TABS.label} className={`${bar["states"]} ${classes["tabs"]}`}>
      {PAGES.map(([to, label]) => (
        <Link key={to} to={to} activeOptions={{ exact: true }} aria-current={to === at ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
