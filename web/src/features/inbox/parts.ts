import { nearPart } from "../../lib/page/chunks.ts";

/** The open conversation: opened by its address, it comes beside the page; else when one moves towards it. */
export const { Part: Chosen, fetch: fetchChosen } = nearPart(() => import("./chosen.tsx"), "Chosen");
