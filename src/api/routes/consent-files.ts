import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { BYTE_ORDER_MARK, writeRow, type Cell } from "../../base/base.ts";
import * as consent from "../../consent/consent.ts";
import { BlacklistFilter, ById, LedgerFilter, read } from "../../contract/contract.ts";
import type { Database } from "../../db/db.ts";
import { callerOf, sendCsv } from "../http/http.ts";

const LEDGER = [
  "time",
  "phone",
  "name",
  "from",
  "to",
  "source",
  "evidence",
  "reason",
  "by",
  "counts",
  "contact_id",
  "message_id",
  "id",
];
const ledgerRow = ({ contact, ...entry }: consent.ConsentEntry): Cell[] => [
  entry.occurred_at,
  contact.phone?.replaceAll(/[^+\d]/g, "") ?? null,
  contact.display_name,
  entry.from,
  entry.to,
  entry.source,
  entry.evidence,
  entry.reason,
  entry.user?.name ?? null,
  entry.voided_reason ?? "yes",
  contact.id,
  entry.message_id,
  entry.id,
];

const config = { needs: read("audience"), whole: true, step_up: true, exports: true } as const;
const schema = (operationId: string, summary: string, more: object) => ({
  schema: { operationId, tags: ["consent"], summary, produces: ["text/csv"], ...more },
  config,
});

/** Files of the ledger and of the blacklist: written as they are read, however long they are. */
export function mountConsentFiles(app: FastifyInstance, { db }: { db: Database }): void {
  app.get(
    "/api/v1/consent.csv",
    schema("getConsentCsv", "The consent ledger as a CSV file, with the same filters", {
      querystring: z.object(LedgerFilter),
    }),
    (request, reply) => {
      const { workspace_id } = callerOf(request);
      const entries = consent.eachEntry(db, workspace_id, request.query as consent.LedgerFilter);
      return send(reply, "consent.csv", LEDGER, entries, ledgerRow);
    },
  );
  app.get(
    "/api/v1/contacts/:id/consent.csv",
    schema("getContactConsentCsv", "Proof of consent of one person as a CSV file", { params: ById }),
    (request, reply) => {
      const { workspace_id } = callerOf(request);
      const { id: contact_id } = request.params as { id: string };
      const entries = consent.eachEntry(db, workspace_id, { contact_id });
      return send(reply, `consent-${contact_id}.csv`, LEDGER, entries, ledgerRow);
    },
  );
  app.get(
    "/api/v1/blacklist.csv",
    schema("getBlacklistCsv", "The blacklist as a CSV file", { querystring: z.object(BlacklistFilter) }),
    (request, reply) => {
      const { workspace_id } = callerOf(request);
      const listed = consent.eachBlacklisted(db, workspace_id, request.query as { search?: string });
      return send(
        reply,
        "blacklist.csv",
        ["phone", "name", "source", "reason", "added_at", "contact_id"],
        listed,
        ({ phone, display_name, source, reason, added_at, contact_id }) => [
          phone?.replaceAll(/[^+\d]/g, "") ?? null,
          display_name,
          source,
          reason,
          added_at,
          contact_id,
        ],
      );
    },
  );
}

function send<Row>(
  reply: FastifyReply,
  name: string,
  columns: readonly string[],
  rows: AsyncIterable<Row>,
  rowOf: (row: Row) => readonly Cell[],
) {
  async function* lines() {
    yield BYTE_ORDER_MARK + writeRow(columns);
    for await (const row of rows) yield writeRow(rowOf(row));
  }
  return sendCsv(reply, name, lines());
}
