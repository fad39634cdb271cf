/** What the dialog says in which consent is changed. */

export const CHANGE_CONSENT = {
  change: "Change consent",
  dialog: (name: string) => `Change the consent of ${name}`,
  state: "New state",
  reason: "Reason",
  reason_hint: "For example: asked us by phone on Monday",
  states: [
    { value: "SUBSCRIBED", label: "Subscribed: wants marketing" },
    { value: "UNSUBSCRIBED", label: "Unsubscribed: no marketing" },
    { value: "UNKNOWN", label: "Not known" },
    { value: "PENDING", label: "Ask them first" },
  ] as const,
  changed: "Consent changed",
  changed_text: "The history has your reason.",
  not_changed: "Consent was not changed",
};
