import { Link } from "@tanstack/react-router";
import bar from "../../ui/filter-bar.module.css";
import classes from "./contacts.module.css";
import { TABS } from "./texts.ts";

const PAGES = [
  ["/contacts", TABS.contacts],
  ["/contacts/lists", TABS.lists],
  ["/contacts/segments", TABS.segments],
  ["/contacts/tags", TABS.tags],
  ["/contacts/fields", TABS.fields],
] as const;

export function ContactTabs({ at }: { at: (typeof PAGES)[number][0] }) {
  return (
    <nav aria-label={TABS.label} className={`${bar["states"]} ${classes["tabs"]}`}>
      {PAGES.map(([to, label]) => (
        <Link key={to} to={to} activeOptions={{ exact: true }} aria-current={to === at ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
