/** What the notice says that the simulator has switched on, and what it answers to a reset. */
export const texts = {
  label: "Simulator",
  title: "Simulator",
  open: "Open Simulator",
  reset: "Reset",
  reset_done: { title: "Reset to defaults", message: "The simulator behaves like Meta again." },
  reset_failed: "Not reset",
  ends: "ends",
  outages: {
    webhooks: "outage: new webhooks are held back",
    graph: "outage: nothing can be sent",
    media: "outage: files can’t be downloaded",
  },
  speed: (speed: string) => `clock ${speed}× faster`,
  settings: "delivery outcomes or limits changed",
  next: (count: number) =>
    count === 1 ? "the next message has a set outcome" : `the next ${count} messages have a set outcome`,
  scenario: "a scenario is playing",
} as const;
