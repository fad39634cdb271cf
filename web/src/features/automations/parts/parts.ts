/** Small parts that several pages of automations are made of. */
export { AddMenu } from "./add-menu.tsx";
export { checksOf, type Drawing, DrawingContext, useDrawing } from "./drawing.ts";
export { NodeIcon } from "./node-icon.tsx";
export { Numbers } from "./numbers.tsx";
export { StateTag } from "./state-tag.tsx";
export { useNames } from "./use-names.ts";
