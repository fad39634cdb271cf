/**
 * Imports of people from CSV files, kept as objects: read as a stream, judged row by row, worked in steps that a crash
 * does not repeat; and contacts written out again as CSV.
 */
export {
  addImport,
  cancelImport,
  changeImport,
  getImport,
  inspectUpload,
  removeImport,
  startImport,
} from "./drafts.ts";
export { exportContacts } from "./export-contacts.ts";
export { createImporter, type Importer } from "./importer.ts";
export { listImports } from "./import-rows.ts";
export type { Inspected } from "./inspect-file.ts";
export { previewImport } from "./preview.ts";
export { pruneImports } from "./prune-imports.ts";
export { listRejects, writeRejects } from "./rejects.ts";
