/** Webhooks as Meta posts them: signed, and again when they are not answered 200. */
export { createSimulator } from "./deliver.ts";
export {
  type Delivered,
  type DeliverOptions,
  META_RETRY,
  type Retry,
  type Simulator,
  type SimulatorOptions,
  type Tried,
} from "./simulator-types.ts";
export { createTraffic, type LoadOptions, type LoadResult, type Mix, runLoad } from "./load.ts";
export { type PlayedMedium, type PlayInput, updateOf } from "./played-message.ts";
export { type Answer, createPoster, type Poster } from "./post.ts";
