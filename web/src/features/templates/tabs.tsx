import { Link } from "@tanstack/react-router";
import bar from "../../ui/filter-bar.module.css";
import classes from "./templates.module.css";
import { TABS } from "./texts.ts";

const PAGES = [
  ["/templates", TABS.templates],
  ["/templates/groups", TABS.groups],
  ["/templates/media", TABS.media],
] as const;

export function TemplateTabs({ at }: { at: (typeof PAGES)[number][0] }) {
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
