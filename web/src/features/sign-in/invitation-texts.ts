/** Of the page on which one who was invited joins. */
export const INVITATION = {
  title: "Invitation",
  join: (workspace: string) => `Join ${workspace}`,
  lead: (by: string) => `${by} has invited you. Choose a name and a password.`,
  known: (by: string) => `${by} has invited you. Give the password of your account.`,
  submit: "Join",
  wrong: "The password is wrong.",
  ended: "This invitation has ended",
  ended_text: "It was used or revoked, or is older than 7 days. Ask for a new link.",
};
