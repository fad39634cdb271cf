import {
  IconArrowForwardUp,
  IconBan,
  IconChartBar,
  IconCloudOff,
  IconEyeOff,
  IconPhoneIncoming,
  IconSpeakerphone,
  IconUsersGroup,
  IconCalendarEvent,
  type TablerIcon,
} from "@tabler/icons-react";
import { unsupportedLabel } from "../../lib/message.ts";
import type { Play } from "./plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";

/** What goes along with the next message. */
export interface Along {
  forwarded: boolean;
  referral: boolean;
}

const UNSUPPORTED: readonly (readonly [name: string, icon: TablerIcon])[] = [
  ["poll_creation", IconChartBar],
  ["view_once", IconEyeOff],
  ["event", IconCalendarEvent],
  ["group_invite", IconUsersGroup],
  ["unknown", IconBan],
];

/** What people do more rarely, and what happens around them. */
export function MoreSheet({
  along,
  onAlong,
  onPlay,
  onNumber,
  onOutage,
  onClose,
}: {
  along: Along;
  onAlong: (along: Along) => void;
  onPlay: (play: Play) => void;
  onNumber: () => void;
  onOutage: () => void;
  onClose: () => void;
}) {
  const marks = [
    { name: "forwarded", icon: IconArrowForwardUp, title: "Forwarded", about: "The next message carries the mark" },
    { name: "referral", icon: IconSpeakerphone, title: "Came from an ad", about: "The next message tells which" },
  ] as const; // prettier-ignore
  return (
    <Sheet title="More" onClose={onClose}>
      <ul className={classes["rows"]}>
        {marks.map(({ name, icon: Icon, title, about }, index) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={along[name]}
              data-autofocus={index === 0 || undefined}
              onClick={() => onAlong({ ...along, [name]: !along[name] })}
            >
              <Icon size={21} stroke={1.7} aria-hidden />
              <span>
                <b>{title}</b>
                <small>{about}</small>
              </span>
              <i className={classes["check"]} aria-hidden />
            </button>
          </li>
        ))}
        <li>
          <button type="button" onClick={onNumber}>
            <IconPhoneIncoming size={21} stroke={1.7} aria-hidden />
            <span>
              <b>A new number</b>
              <small>The customer keeps the conversation</small>
            </span>
          </button>
        </li>
        <li>
          <button
            type="button"
            onClick={() => {
              onClose();
              onOutage();
            }}
          >
            <IconCloudOff size={21} stroke={1.7} aria-hidden />
            <span>
              <b>No files for a minute</b>
              <small>WhatsApp’s server of files is away</small>
            </span>
          </button>
        </li>
        <li>
          <h3>What WhatsApp doesn’t pass on</h3>
          {UNSUPPORTED.map(([name, Icon]) => (
            <button
              key={name}
              type="button"
              onClick={() => {
                onClose();
                onPlay({ unsupported: name });
              }}
            >
              <Icon size={21} stroke={1.7} aria-hidden />
              <span>{name === "unknown" ? "Something else" : unsupportedLabel(name)}</span>
            </button>
          ))}
        </li>
      </ul>
    </Sheet>
  );
}
