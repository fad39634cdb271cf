import { IconAlertTriangleFilled, IconCircleCheckFilled, IconInfoCircleFilled } from "@tabler/icons-react";
import classes from "./connections.module.css";
import type { Finding } from "./queries.ts";
import { FINDINGS, STATES } from "./texts.ts";

const ICONS = { ok: IconCircleCheckFilled, note: IconInfoCircleFilled, problem: IconAlertTriangleFilled };
const ORDER = { problem: 0, note: 1, ok: 2 };

/** What the check with Meta found, what is to be done first. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const sorted = findings.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
  return (
    <ul className={classes["findings"]} aria-label={FINDINGS.label}>
      {sorted.map((finding) => {
        const Icon = ICONS[finding.state];
        return (
          <li key={`${finding.check} ${finding.about ?? ""} ${finding.text}`} data-state={finding.state}>
            <Icon size={18} aria-label={STATES[finding.state]} />
            <span>
              {sentence(finding.text)}
              {finding.fix !== null && <small>{sentence(finding.fix)}</small>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
