/** The API's own reference: OpenAPI, the page that draws it, the errors' document, and the built documents. */
export { describe } from "./openapi.ts";
export { mountDocs } from "./docs.ts";
