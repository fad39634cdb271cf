import { BYTE_ORDER_MARK, writeRow, type Cell } from "../../base/base.ts";
import type { Queryable } from "../../db/db.ts";
import { COUNTS, reportCampaigns, type ReportQuery } from "./across.ts";
import type { RecipientFilter } from "./recipient-filter.ts";
import { everyRecipient, type Recipient } from "./recipients.ts";

/** The columns of a file of recipients, by the names that the API has for them. */
const COLUMNS = [
  "contact_id",
  "display_name",
  "phone",
  "country",
  "state",
  "skip_reason",
  "attempts",
  "queued_at",
  "submitted_at",
  "sent_at",
  "delivered_at",
  "read_at",
  "played_at",
  "failed_at",
  "replied_at",
  "clicked_at",
  "opted_out_at",
] as const satisfies readonly (keyof Recipient)[];

/** Line by line, a thousand people in memory. No cell can run as a formula. */
export async function* recipientsCsv(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  filter: RecipientFilter,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + writeRow([...COLUMNS, "error_code", "error_title", "error_advice"]);
  for await (const people of everyRecipient(db, workspace_id, campaign_id, filter))
    yield people.map((person) => writeRow(cellsOf(person))).join("");
}

const cellsOf = (person: Recipient): Cell[] => [
  ...COLUMNS.map((column) => person[column]),
  person.error?.code ?? null,
  person.error?.title ?? null,
  person.error?.advice ?? null,
];

export async function* reportCsv(
  db: Queryable,
  workspace_id: string,
  query: ReportQuery,
): AsyncGenerator<string> {
  const { by, rows, total, total_cost, currency } = await reportCampaigns(db, workspace_id, query);
  yield (
    BYTE_ORDER_MARK + writeRow([by, "title", ...COUNTS, "billable", "free", "unpriced", "currency", "amount"])
  );
  const line = (key: string, title: string, counts: typeof total, cost: typeof total_cost) => {
    const { billable, free, unpriced, amount } = cost;
    const cells = COUNTS.map((count) => counts[count]);
    return writeRow([key, title, ...cells, billable, free, unpriced, currency, amount]);
  };
  yield rows.map(({ key, title, counts, cost }) => line(key, title, counts, cost)).join("");
  yield line("", "Total", total, total_cost);
}
