/** Templates, their library, and the uploads that they name. */
export { templatePart } from "./graph-template-calls.ts";
export { templateCarePart } from "./graph-template-care.ts";
export { libraryPart } from "./graph-template-library.ts";
export { uploadPart } from "./graph-uploads.ts";
