import { accountPart } from "./graph-accounts.ts";
import { appPart } from "./graph-app.ts";
import { batchPart } from "./graph-batch.ts";
import { blockPart } from "./graph-blocks.ts";
import { callingPart } from "./graph-calling.ts";
import type { GraphPart, GraphWorld } from "./graph-calls.ts";
import { flowPart } from "./graph-flows.ts";
import { marketingPart } from "./graph-marketing.ts";
import { mediaPart } from "./graph-media-calls.ts";
import { numberPart } from "./graph-numbers.ts";
import { profilePart } from "./graph-profile.ts";
import { qrPart } from "./graph-qr.ts";
import { registrationPart } from "./graph-registration.ts";
import { messagePart } from "./graph-sending.ts";
import { signupPart } from "./graph-signups.ts";
import { templatePart } from "./graph-template-calls.ts";
import { templateCarePart } from "./graph-template-care.ts";
import { groupPart } from "./graph-groups.ts";
import { libraryPart } from "./graph-template-library.ts";
import { uploadPart } from "./graph-uploads.ts";
import { usernamePart } from "./graph-usernames.ts";

/** The Graph API's parts; a new one is a file of its own and a line here. */
export const PARTS: readonly ((world: GraphWorld) => GraphPart)[] = [
  numberPart,
  messagePart,
  mediaPart,
  templatePart,
  appPart,
  accountPart,
  registrationPart,
  profilePart,
  blockPart,
  qrPart,
  uploadPart,
  flowPart,
  marketingPart,
  libraryPart,
  templateCarePart,
  usernamePart,
  batchPart,
  groupPart,
  callingPart,
  signupPart,
];
