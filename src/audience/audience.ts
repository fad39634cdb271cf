/**
 * What a workspace keeps of its people beside what Meta tells, and how it chooses among them: fields, tags, lists,
 * segments, what other systems told, and what each contact did last. All of it hangs on the contact's id.
 */
export { applyAudience } from "./apply.ts";
export { addEvent, listEvents } from "./contact-events.ts";
export { addField, changeField, isDay, listFields, removeField, type ContactField } from "./fields.ts";
export {
  fillProfiles,
  listContactsOn,
  tagContacts,
  tagsByName,
  type ImportedProfile,
} from "./imported-profiles.ts";
export { followJoins } from "./joining.ts";
export { addList, changeList, changeMembers, getList, listLists, removeList } from "./lists.ts";
export { countryCode, languageTag, timeZoneName } from "./place-names.ts";
export { changeProfile, getProfile } from "./profiles.ts";
export {
  addSegment,
  changeSegment,
  getSegment,
  inSegment,
  listSegments,
  previewRule,
  removeSegment,
} from "./segments.ts";
export { RULE_TABLES } from "./rule-sql.ts";
export { addTag, listTags, removeTag, renameTag } from "./tags.ts";
