/** Accounts, the app, numbers and what belongs to them. */
export { accountPart } from "./graph-accounts.ts";
export { appPart } from "./graph-app.ts";
export { blockPart } from "./graph-blocks.ts";
export { numberPart } from "./graph-numbers.ts";
export { profilePart } from "./graph-profile.ts";
export { qrPart } from "./graph-qr.ts";
export { registrationPart } from "./graph-registration.ts";
export { signupPart } from "./graph-signups.ts";
export { usernamePart } from "./graph-usernames.ts";
