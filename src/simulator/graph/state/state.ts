/** What the stand-in remembers: media, uploads, templates, groups, calls, the state of numbers. */
export { type CallBook, callStatus, callUpdate, createCallBook, SDP, type VoiceCall } from "./call-book.ts";
export {
  createGroupBook,
  type Group,
  type GroupBook,
  groupUpdate,
  type Member,
  membersAdded,
  membersRemoved,
  MOST_MEMBERS,
  named,
  newLink,
} from "./group-book.ts";
export { createMediaShelf, type KnownMedium, type MediaShelf, type Medium } from "./media-shelf.ts";
export { takeMessage, type Taken } from "./message-bodies.ts";
export { createNumberStates, type NumberState, type NumberStates } from "./number-state.ts";
export {
  createManagementPace,
  createPace,
  type ManagementPace,
  META_PACE,
  type Pace,
} from "./sending-pace.ts";
export { type StandInTemplate } from "./stand-in-template.ts";
export { createTemplateBook, type TemplateBook } from "./template-book.ts";
export { withMetaTexts } from "./template-judge.ts";
export { createUploadShelf, type Upload, type UploadShelf } from "./upload-shelf.ts";
