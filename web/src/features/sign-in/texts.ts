/** Every text of the way in: signing in, the one-time link, and setting a password. */

export const MOTTO = ["Nothing lost,", "nothing doubled,", "everything signed."];

export const SIGN_IN = {
  title: "Sign in",
  lead: "Use your email and password.",
  back: "Welcome back. Your conversations are where you left them.",
  email: "Email",
  password: "Password",
  submit: "Sign in",
  help: "Forgot your password, or no password yet?",
  wrong: "This email and password don’t belong together.",
  too_many: "Too many tries. Wait a minute, then try again.",
};

export const COOKIES =
  "Your browser blocks cookies for this site, so Wharf can’t keep you signed in. Allow cookies for it in the browser’s settings, then reload this page.";

/** The browser keeps cookies, but not the one that the sign-in set. */
export const NOT_KEPT =
  "Your password is right, but the browser did not keep the sign-in. Allow cookies for this site, open Wharf at its own address (with https, if it has one), then sign in again.";

export const FIRST_VISIT = {
  title: "Welcome to Wharf",
  lead: "To sign in for the first time, open the link that Wharf printed when it started.",
  have_password: "I have a password",
};

/** Where the link is, and how to make another, by how Wharf was installed. */
export const LINK_HELP = {
  installed: "How Wharf runs",
  find: "Find the link",
  terminal_find: "Look in the terminal where Wharf runs, at the line that begins with “Sign in”.",
  make: "Or make a new link",
  make_lead: "It works once, within an hour. Run this on the server, in Wharf’s folder.",
  unknown_email: "Put your email in place of EMAIL. Without one, the command lists the accounts.",
  ask: "Can’t get to the server? Ask the person who runs your Wharf to send you a link.",
  ways: { terminal: "Terminal", docker: "Docker", systemd: "systemd" },
};

export const LINK_USED =
  "This link has been used or has expired. A link works once, within an hour. Sign in with your password, or make a new link.";

export const LINK = {
  title: "Sign in",
  lead: "This link signs you in once. Then you set a password.",
  submit: "Sign in",
};

export const PASSWORD = {
  title: "Set your password",
  lead: "You’re signed in. Next time, use this email and password.",
  name: "Your name",
  email: "Email",
  email_hint: "You sign in with it. Notices go to it, if you want them.",
  password: "New password",
  password_hint: (least: number) => `At least ${least} characters. A few words in a row work well.`,
  submit: "Continue",
  email_taken: "Another account has this email. Choose another one.",
  email_invalid: "Enter a full email address, such as ada@example.com.",
};
