/**
 * What Meta takes as a message template, as far as it can be told before Meta is asked: names, lengths, variables,
 * samples, buttons, cards. Pure and without imports of the server's, as the pages check with it while one types.
 * Sources: Meta's pages of template components, of authentication, carousel, coupon and limited-time offer templates.
 */
export { checkTemplate } from "./check-template.ts";
export { editProblem } from "./edits.ts";
export { LANGUAGES, languageName } from "./languages.ts";
export { LIMITS } from "./limits.ts";
export { sampleOf, samplesOf, type Sample } from "./samples.ts";
export {
  type Component,
  listOf,
  partOf,
  recordOf,
  type TemplateFault,
  type TemplateForm,
  textOf,
  typeOf,
} from "./form.ts";
export { isNamed, variablesIn } from "./variables.ts";
