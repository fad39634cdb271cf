import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { BYTE_ORDER_MARK, writeRow } from "../../base/base.ts";
import { AuditFilter, manage } from "../../contract/contract.ts";
import type { Database } from "../../db/db.ts";
import { callerOf, sendCsv } from "../http/http.ts";
import { eachAudit, type AuditEntry } from "../members/members.ts";

const COLUMNS = [
  "occurred_at",
  "actor_kind",
  "actor_name",
  "actor_id",
  "action",
  "subject_kind",
  "subject_id",
  "address",
  "id",
] as const satisfies readonly (keyof AuditEntry)[];

/** The audit log as a file, written as it is read; that it was taken is an entry of its own. */
export function mountAuditFile(app: FastifyInstance, { db }: { db: Database }): void {
  app.get(
    "/api/v1/audit_log.csv",
    {
      schema: {
        operationId: "getAuditLogCsv",
        tags: ["audit_log"],
        summary: "The audit log as a CSV file, with the same filters",
        produces: ["text/csv"],
        querystring: z.object(AuditFilter),
      },
      config: { needs: manage("people"), step_up: true, exports: true },
    },
    (request, reply) => {
      const entries = eachAudit(db, callerOf(request).workspace_id, request.query as object);
      async function* lines() {
        yield BYTE_ORDER_MARK + writeRow(COLUMNS);
        for await (const entry of entries) yield writeRow(COLUMNS.map((column) => entry[column]));
      }
      return sendCsv(reply, "audit-log.csv", lines());
    },
  );
}
