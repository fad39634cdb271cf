import { IconExternalLink } from "@tabler/icons-react";
import classes from "./webhooks.module.css";

const CHAPTERS = [
  {
    href: "/api/docs#/endpoints",
    title: "Integrations",
    text: "Set up webhooks and read their deliveries by the API",
  },
  {
    href: "/api/docs",
    title: "API authentication",
    text: "Keys, and how a request shows one",
  },
  {
    href: "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference",
    title: "Meta’s field reference",
    text: "What every field of a payload means",
  },
];

/** Where to read on. */
export function Chapters() {
  return (
    <nav className={classes["chapters"]} aria-label="Read on">
      {CHAPTERS.map(({ href, title, text }) => (
        <a key={href} href={href} target="_blank" rel="noopener">
          <b>
            {title}
            <IconExternalLink size={14} aria-hidden />
          </b>
          <span>{text}</span>
        </a>
      ))}
    </nav>
  );
}
