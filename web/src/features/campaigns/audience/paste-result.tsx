import common from "../../../ui/form-blocks.module.css";
import type { Kind } from "./paste-kinds.ts";
import type { Outcome } from "./use-paste.ts";

/** How many were added, and which were refused and why. */
export function PasteResult({
  outcome: { added, known, refused },
  texts,
}: {
  outcome: Outcome;
  texts: Kind["texts"];
}) {
  return (
    <>
      <p role="status">{texts.was_added(added, known)}</p>
      {refused.length > 0 && (
        <>
          <p>{texts.refused(refused.length)}</p>
          <ul className={common["problems"]} tabIndex={0}>
            {refused.map(({ line, phone, says }) => (
              <li key={`${line} ${phone}`}>{texts.refused_line(line, phone, says)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
