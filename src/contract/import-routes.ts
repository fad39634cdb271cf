import { z } from "zod";
import { read, work } from "./permissions.ts";
import type { Endpoint } from "./endpoint.ts";
import * as imports from "./imports.ts";
import { ById, list, Page } from "./parts.ts";

/** Beside them: `POST /api/v1/imports` takes the file, and CSV files come out of `…/rejects.csv` and `contacts/export.csv`. */
export const importRoutes = {
  "GET /api/v1/imports": {
    needs: read("audience"),
    summary: "Imports of people, newest first",
    query: Page,
    response: list(imports.Import),
  },
  "GET /api/v1/imports/:id": {
    needs: read("audience"),
    summary: "One import, with what is to be decided before it can start",
    params: ById,
    response: imports.ImportDetail,
  },
  "PATCH /api/v1/imports/:id": {
    needs: work("audience"),
    summary: "Say what the columns of a draft are and how its rows become people; what is not named stays",
    params: ById,
    body: imports.ImportChange,
    response: imports.ImportDetail,
  },
  "DELETE /api/v1/imports/:id": {
    needs: work("audience"),
    summary: "Delete an import with its file and its rejected rows; its people stay",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/imports/:id/preview": {
    needs: read("audience"),
    whole: true,
    summary: "The first rows of a draft as they would become; nothing is changed",
    params: ById,
    response: imports.ImportPreview,
  },
  "GET /api/v1/imports/:id/rejects": {
    needs: read("audience"),
    whole: true,
    summary: "Rows that were refused, in the order of the file, each with its line and the reasons",
    params: ById,
    query: Page,
    response: list(imports.ImportReject),
  },
  "POST /api/v1/imports/:id/start": {
    needs: work("audience"),
    summary: "Start a draft; it goes on by itself, also after a crash",
    params: ById,
    response: imports.ImportDetail,
    idempotent: "kept",
  },
  "POST /api/v1/imports/:id/cancel": {
    needs: work("audience"),
    summary: "Stop an import where it is; what was imported stays",
    params: ById,
    response: imports.ImportDetail,
  },
} as const satisfies Record<string, Endpoint>;
