import { tableOf } from "../base/base.ts";
import type { Queryable, Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";
import { recordEnds, recordNotices, type NewNotice, type NoticeEnd } from "../notices/notices.ts";
import { languageName } from "../template-rules/template-rules.ts";
import type { Folded } from "./history.ts";
import { countUses, type TemplateUse } from "./uses.ts";

type MovedTemplate = Folded["moved"][number];

/** What told of it; a list that was read is neither an event nor a webhook. */
export interface Told {
  at: Date;
  event_id: string;
  journal_id: string | null;
}

/** What Meta did, for those statuses in which a template can't be sent. */
const DID = tableOf<{ did: string; severity: NewNotice["severity"] }>({
  PAUSED: { did: "paused", severity: "warning" },
  REJECTED: { did: "rejected", severity: "warning" },
  DISABLED: { did: "disabled", severity: "critical" },
  LIMIT_EXCEEDED: { did: "limited", severity: "warning" },
  LOCKED: { did: "locked", severity: "warning" },
});

/** A template that stops being sendable is a notice, which says what that touches; that it may be sent again ends it. */
export async function noticeStatuses(
  tx: Tx,
  uses: readonly TemplateUse[],
  moved: readonly MovedTemplate[],
  toldBy: (template: MovedTemplate) => Told,
): Promise<LiveChange[]> {
  const notices: NewNotice[] = [];
  const ends: NoticeEnd[] = [];
  for (const template of moved) {
    const { workspace_id, waba_id, name, language, status } = template;
    if (name === null || language === null) continue;
    const did = DID[status];
    const { at, event_id, journal_id } = toldBy(template);
    const at_ms = at.getTime();
    const key = `template:${template.id}:status`;
    if (!did) {
      // Of two statuses in one second the one that forbids more stands (fold.ts): an approval ends what is older.
      if (DID[template.before]) ends.push({ workspace_id, name: key, at_ms: at_ms - 1 });
      continue;
    }
    const called = `the template “${name}” (${languageName(language)})`;
    notices.push({
      workspace_id,
      key,
      kind: "template",
      severity: did.severity,
      title: `Meta ${did.did} ${called}.`,
      detail: await detailOf(tx, uses, template),
      resolved: false,
      end: { until_ms: null, by: key, title: `Meta had ${did.did} ${called}. It is back as it was.` },
      waba_id,
      display_phone_number: null,
      at_ms,
      rank: 0,
      event_id,
      journal_id,
    });
  }
  return [
    ...(notices.length > 0 ? await recordNotices(tx, notices) : []),
    ...(ends.length > 0 ? await recordEnds(tx, ends) : []),
  ];
}

async function detailOf(
  db: Queryable,
  uses: readonly TemplateUse[],
  { workspace_id, waba_id, name, language, reason_details, recommendation, pause_description }: MovedTemplate,
): Promise<string | null> {
  const counts = await countUses(uses, db, workspace_id, [{ waba_id, name: name!, language: language! }]);
  const touched = counts.map(({ kind, count }) => uses.find((use) => use.kind === kind)!.says(count));
  const sentences = [
    reason_details ?? pause_description,
    recommendation,
    touched.length === 0 ? null : `It touches ${touched.join(" and ")}.`,
  ].filter((each) => each !== null && each !== "");
  return sentences.length === 0 ? null : sentences.join(" ");
}
