/** What the drawer of notices says. */
export const NOTICES = {
  title: "Notices",
  close: "Close",
  which: "Which notices",
  open: "Open",
  dismissed: "Dismissed",
  loading: "Loading notices",
  none_open: "Nothing to tell",
  none_dismissed: "Nothing was dismissed",
  none_text:
    "What Meta says of your accounts and numbers appears here: restrictions, names, limits, security. So does what your automations tell you.",
  older: "Show older notices",
  not_dismissed: "Not dismissed",
  severity: { info: "info", warning: "warning", critical: "critical", resolved: "resolved" },
  webhook: "Its webhook",
  conversation: "Open the conversation",
  contact: "Open the contact",
  dismiss: "Dismiss",
  dismiss_named: (title: string) => `Dismiss: ${title}`,
};
