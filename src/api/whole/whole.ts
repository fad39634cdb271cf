/** What is the same for all workspaces: the installation as it is set up, how far one has come with that, and its sandbox. */
export { mountSandboxMedia, sandboxOf, type Sandbox } from "./sandbox.ts";
export { dismissSetup, readSetup } from "./setup.ts";
export { readSystem, type Installation } from "./system.ts";
