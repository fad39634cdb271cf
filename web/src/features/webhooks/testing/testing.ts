/** Test deliveries and how they ended. */
export { TestCard } from "./test-card.tsx";
export { TestResult } from "./test-result.tsx";
export { useTest } from "./use-test.ts";
