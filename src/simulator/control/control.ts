/** What drives a running simulator: its settings, the phones of its people, scenarios, and what was posted. */
export { type Control, type ControlState, createControlClient } from "./control-http.ts";
export { createPhone, type Phone } from "./phone.ts";
export { type Box, type BoxOptions, createBox } from "./sandbox.ts";
