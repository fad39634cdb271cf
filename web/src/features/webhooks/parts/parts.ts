/** Components that several sub-modules show. */
export { Chapters } from "./chapters.tsx";
export { healthOf, HealthTag, nameOf } from "./health.tsx";
export { OnSwitch } from "./on-switch.tsx";
export { ProbeResult, useProbe } from "./probe.tsx";
export { Sample } from "./sample.tsx";
export { SplitUrl } from "./split-url.tsx";
