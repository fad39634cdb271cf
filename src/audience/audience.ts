/**
 * What a workspace keeps of its people beside what Meta tells, and how it chooses among them: fields, tags, lists,
 * segments, what other systems told, and what each contact did last. All of it hangs on the contact's id.
 */
export { applyAudience, createApplyAudience } from "./apply.ts";
export { filterSql as contactsFiltered, type ContactFilter } from "./contact-filter.ts";
export { addEvent, eventsSince, listEvents } from "./contact-events.ts";
export { countContacts, listContacts } from "./contact-list.ts";
export { followJoins, type FollowJoin } from "./joining.ts";
export { joinedFacts, type Happened, type HappenedFact, type Telling } from "./happened.ts";
export { forgetContact } from "./forget.ts";
export { addList, changeList, changeMembers, getList, listLists, removeList } from "./lists.ts";
export { contactsInRules, segmentRules, whereRule } from "./matching.ts";
export { changeMany, changeMemberships, type Memberships } from "./memberships.ts";
export { merge, previewMerge } from "./merging.ts";
export { addContact, changeProfile, getProfile } from "./profiles.ts";
export {
  addField,
  changeField,
  isDay,
  listFields,
  removeField,
  setField,
  type ContactField,
} from "./fields.ts";
export {
  fillProfiles,
  listContactsOn,
  tagContacts,
  tagsByName,
  type ImportedProfile,
} from "./imported-profiles.ts";
export { countryCode, languageTag, timeZoneName } from "./place-names.ts";
export {
  addSegment,
  changeSegment,
  getSegment,
  listSegments,
  previewRule,
  removeSegment,
} from "./segments.ts";
export { fitsField } from "./rule-check.ts";
export { readSources, type ReadSources, type Source } from "./sources.ts";
export { RULE_TABLES } from "./rule-sql.ts";
export { addTag, listTags, removeTag, renameTag } from "./tags.ts";
export { campaignNames, receivedBy, usesOf } from "./uses.ts";
