/** Small parts that several pages of automations are made of. */
export { ActivateDialog } from "./activate-dialog.tsx";
export { AddMenu } from "./add-menu.tsx";
export { DeactivateDialog } from "./deactivate-dialog.tsx";
export { CallSecret } from "./call-secret.tsx";
export { checksOf, type Drawing, DrawingContext, useDrawing } from "./drawing.ts";
export { FilledText } from "./filled-text.tsx";
export { focusPanel, focusStep, PANEL_ID } from "./focus.ts";
export { NodeIcon } from "./node-icon.tsx";
export { Numbers } from "./numbers.tsx";
export { StateTag } from "./state-tag.tsx";
export { useNames } from "./use-names.ts";
