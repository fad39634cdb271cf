/**
 * Notices: what an operator must know, one row a situation. Told again it is the same notice with the newest words; a
 * dismissed one comes back when something happens later. Order-proof: the newest by the event's own time stands.
 */
export { isNewer, recordNotices, type NewNotice } from "./record.ts";
export { countOpen, dismissNotice, listNotices } from "./views.ts";
