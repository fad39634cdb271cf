import type { FastifyInstance, FastifyRequest } from "fastify";
import { isId, Problem, type Clock } from "../../base/base.ts";
import { read, work } from "../../contract/contract.ts";
import { ContactExportFilter } from "../../contract/imports.ts";
import type { Database } from "../../db/db.ts";
import {
  addImport,
  exportContacts,
  inspectUpload,
  writeRejects,
  type Inspected,
} from "../../imports/imports.ts";
import { TooLongError, type Draft, type FileStore } from "../../media/media.ts";
import { callerOf, mountUpload, sendCsv, type Keys } from "../http/http.ts";

/** 5,000,000 people or so. */
const LIMIT_BYTES = 512 * 1024 * 1024;

/** CSV files, in and out: neither is ever held as a whole. */
export function mountImports(app: FastifyInstance, deps: Deps, keys: Keys): void {
  mountFile(app, deps, keys);
  mountRejects(app, deps);
  mountExport(app, deps);
}

interface Deps {
  db: Database;
  files: FileStore;
  clock: Clock;
}

function mountFile(app: FastifyInstance, deps: Deps, keys: Keys): void {
  const { files } = deps;
  mountUpload<Draft & { inspected: Inspected }>(app, {
    url: "/api/v1/imports",
    needs: work("audience"),
    schema: {
      operationId: "postImports",
      tags: ["imports"],
      summary:
        "Upload a CSV file of people: the body is its bytes, with `X-Filename` in percent-encoding; answers a draft of an import",
      consumes: ["text/csv", "application/octet-stream"],
    },
    problemsOf: () => [],
    async receive(request) {
      const draft = await received(files, request);
      try {
        return Object.assign(draft, { inspected: await inspectUpload(draft) });
      } catch (error) {
        await draft.discard();
        throw error;
      }
    },
    add: (request, asked, draft, { filename }) =>
      keys.kept(asked, (keep) => {
        const about = { filename, user_id: callerOf(request).user?.id ?? null };
        return addImport(deps, asked.workspace_id, draft, about, async (tx, body) => {
          const done = { status: 201, body };
          await keep(tx, done);
          return done;
        });
      }),
    discard: (draft) => draft.discard(),
    location: (id) => `/api/v1/imports/${id}`,
  });
}

const config = { needs: read("audience"), whole: true, step_up: true, exports: true } as const;
const of = (operationId: string, tag: string, summary: string) => ({
  operationId,
  tags: [tag],
  summary,
  produces: ["text/csv"],
});

function mountRejects(app: FastifyInstance, { db }: Deps): void {
  app.get(
    "/api/v1/imports/:id/rejects.csv",
    {
      schema: of(
        "getImportsByIdRejectsCsv",
        "imports",
        "The rows that were refused as a CSV file, each with its line and the reasons",
      ),
      config,
    },
    async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const { id } = request.params;
      if (!isId(id)) throw new Problem("NOT_FOUND");
      const { filename, lines } = await writeRejects(db, callerOf(request).workspace_id, id);
      return sendCsv(reply, `rejected-${(filename ?? "rows.csv").replace(/\.\w+$/, "")}.csv`, lines);
    },
  );
}

function mountExport(app: FastifyInstance, { db, clock }: Deps): void {
  app.get(
    "/api/v1/contacts/export.csv",
    {
      schema: of(
        "getContactsExportCsv",
        "contacts",
        "Contacts as a CSV file that can be imported again, all of them or those of a filter",
      ),
      config,
    },
    async (request, reply) => {
      const filter = ContactExportFilter.strict().safeParse(request.query);
      if (!filter.success)
        throw new Problem(
          "INVALID_REQUEST",
          `query.${filter.error.issues[0]!.path.join(".")}: ${filter.error.issues[0]!.message}`,
        );
      const now = new Date(clock.now()).toISOString();
      const lines = await exportContacts(db, callerOf(request).workspace_id, filter.data, now.slice(0, 10));
      return sendCsv(reply, `contacts-${now.slice(0, 19).replaceAll(/\D/g, "-")}.csv`, lines);
    },
  );
}

async function received(files: FileStore, request: FastifyRequest): Promise<Draft> {
  try {
    return await files.receive(request.raw, LIMIT_BYTES);
  } catch (error) {
    if (!(error instanceof TooLongError)) throw error;
    throw new Problem(
      "IMPORT_FILE",
      "The file is larger than 512 MB. Split it, and import the parts one after the other.",
    );
  }
}
