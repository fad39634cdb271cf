import { Link } from "@tanstack/react-router";
import { ContactTabs } from "../../ui/contact-tabs.tsx";
import bar from "../../ui/filter-bar.module.css";
import classes from "./consent.module.css";
import { TABS } from "./texts.ts";

const PAGES = [
  ["/contacts/consent", TABS.ledger],
  ["/contacts/blacklist", TABS.blacklist],
  ["/contacts/words", TABS.words],
  ["/contacts/limits", TABS.limits],
] as const;

export function ConsentTabs({ at }: { at: (typeof PAGES)[number][0] }) {
  return (
    <>
      <ContactTabs at="/contacts/consent" />
      <nav aria-label={TABS.label} className={`${bar["states"]} ${classes["tabs"]}`}>
        {PAGES.map(([to, label]) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: true }}
            aria-current={to === at ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
    </>
  );
}
