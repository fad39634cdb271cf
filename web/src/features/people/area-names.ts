import { AREA_LABELS } from "./texts.ts";

type AreaName = keyof typeof AREA_LABELS;
export const AREA_NAMES = Object.keys(AREA_LABELS) as AreaName[];
