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
import { unsupportedLabel } from "../../../lib/words/message.ts";
import type { Play } from "../plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";
import { texts } from "../texts.ts";
import type { Along } from "../use-customer.ts";

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
        <Happening
          icon={IconPhoneIncoming}
          name={texts.more.new_number}
          about={texts.more.new_number_hint}
          onClick={onNumber}
        />
        <Happening
          icon={IconCloudOff}
          name={texts.more.files_out}
          about={texts.more.files_out_hint}
          onClick={() => {
            onClose();
            onOutage();
          }}
        />
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

function Happening({
  icon: Icon,
  name,
  about,
  onClick,
}: {
  icon: TablerIcon;
  name: string;
  about: string;
  onClick: () => void;
}) {
  return (
    <li>
      <button type="button" onClick={onClick}>
        <Icon size={21} stroke={1.7} aria-hidden />
        <span>
          <b>{name}</b>
          <small>{about}</small>
        </span>
      </button>
    </li>
  );
}
