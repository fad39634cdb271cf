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
import { unsupportedLabel } from "../../lib/words/message.ts";
import type { Play } from "./plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";
import { texts } from "./texts.ts";

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
    { name: "forwarded", icon: IconArrowForwardUp, about: texts.more.forwarded_hint },
    { name: "referral", icon: IconSpeakerphone, about: texts.more.referral_hint },
  ] as const;
  return (
    <Sheet title={texts.more.title} onClose={onClose}>
      <ul className={classes["rows"]}>
        {marks.map(({ name, icon: Icon, about }, index) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={along[name]}
              data-autofocus={index === 0 || undefined}
              onClick={() => onAlong({ ...along, [name]: !along[name] })}
            >
              <Icon size={21} stroke={1.7} aria-hidden />
              <span>
                <b>{texts.more[name]}</b>
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
              <b>{texts.more.new_number}</b>
              <small>{texts.more.new_number_hint}</small>
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
              <b>{texts.more.files_out}</b>
              <small>{texts.more.files_out_hint}</small>
            </span>
          </button>
        </li>
        <li>
          <h3>{texts.more.unsupported}</h3>
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
              <span>{name === "unknown" ? texts.more.unsupported_other : unsupportedLabel(name)}</span>
            </button>
          ))}
        </li>
      </ul>
    </Sheet>
  );
}
