import { nearPart } from "../../lib/page/chunks.ts";

/** What the tabs of an endpoint show; opened by its address, one comes beside the page. */
export const TABS = {
  settings: nearPart(() => import("./settings/settings.tsx"), "Settings"),
  overview: nearPart(() => import("./overview/overview.tsx"), "Overview"),
  deliveries: nearPart(() => import("./deliveries/deliveries.tsx"), "Deliveries"),
};
