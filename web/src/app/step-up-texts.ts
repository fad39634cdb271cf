/** Of the dialog that asks for the password again. */
export const STEP_UP = {
  title: "Your password, please",
  text: "This needs your password again. It is then good for ten minutes.",
  password: "Password",
  yes: "Go on",
  wrong: "The password is wrong.",
  failed: "Try again in a moment.",
};
