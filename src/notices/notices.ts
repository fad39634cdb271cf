/**
 * Notices: what an operator must know, one row a situation. Told again it is the same notice with the newest words; a
 * dismissed one comes back when something happens later. Order-proof: the newest by the event's own time stands, and
 * whether it is over by another's word or by its own time is decided when it is read.
 */
export { isNewer, recordEnds, recordNotices, type NewNotice, type NoticeEnd } from "./record.ts";
export { followNoticeJoins, forgetNotices } from "./about-contacts.ts";
export { createMailer, type Mailer, type SendMail } from "./mailer.ts";
export { readPreferences, savePreferences } from "./preferences.ts";
export { listWorkspaces, recordSituations, type Situation } from "./situations.ts";
export { countOpen, dismissNotice, listNotices } from "./views.ts";
