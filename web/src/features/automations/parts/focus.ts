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

/** A step on the canvas, or in the list: at once, or when it is drawn. */
export const focusStep = (id: string): void => {
  const element = elementOf(id);
  if (element) return element.focus();
  requestAnimationFrame(() => requestAnimationFrame(() => elementOf(id)?.focus()));
};
