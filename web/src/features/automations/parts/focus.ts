/** The heading of what is open beside the flow. */
export const PANEL_ID = "automation-panel";

/** Once it is drawn. */
export const focusPanel = (): void => {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.getElementById(PANEL_ID)?.focus({ preventScroll: true })),
  );
};

const elementOf = (id: string) =>
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"], [data-node="${id}"]`);

/** A step on the canvas, or in the list. */
export const focusStep = (id: string): void => {
  requestAnimationFrame(() => requestAnimationFrame(() => elementOf(id)?.focus()));
};
