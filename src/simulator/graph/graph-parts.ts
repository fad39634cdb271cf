import {
  accountPart,
  appPart,
  blockPart,
  numberPart,
  profilePart,
  qrPart,
  registrationPart,
  signupPart,
  usernamePart,
} from "./account-calls/account-calls.ts";
import { batchPart } from "./graph-batch.ts";
import {
  callingPart,
  flowPart,
  groupPart,
  marketingPart,
  mediaPart,
  messagePart,
} from "./message-calls/message-calls.ts";
import type { GraphPart, GraphWorld } from "./calls/calls.ts";
import { libraryPart, templateCarePart, templatePart, uploadPart } from "./template-calls/template-calls.ts";

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
