/**
 * Tests of a draft with one contact, in the sandbox: a run by the same engine and through the same sending, whose clock can
 * be set ahead and that stops before each node. What is kept of it stands under the test's own id.
 */
export { customerOf, type Customer } from "./customer.ts";
export { goOn } from "./go-on.ts";
export { startTest } from "./start.ts";
export { getTest } from "./view.ts";
