/** Test deliveries with sample events. */
export { samples } from "./samples.ts";
export { createTester, type Tester } from "./tester.ts";
