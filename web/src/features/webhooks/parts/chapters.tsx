import { IconExternalLink } from "@tabler/icons-react";
import { CHAPTERS, READ_ON } from "../texts.ts";
import classes from "../webhooks.module.css";

/** Where to read on. */
export function Chapters() {
  return (
    <nav className={classes["chapters"]} aria-label={READ_ON}>
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
