import { IconExternalLink } from "@tabler/icons-react";
import classes from "./webhooks.module.css";

const CHAPTERS = [
  {
    href: "/docs/webhooks",
    title: "Receive webhooks",
    text: "Signatures, retries, order and duplicates",
  },
  {
    href: "/docs/integrations",
    title: "Integrations",
    text: "n8n, Make, Zapier, your CRM and WhatsApp libraries",
  },
  {
    href: "/docs/api#authentication",
    title: "API authentication",
    text: "Create a key, and send it with a request",
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
