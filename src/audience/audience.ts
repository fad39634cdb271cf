/**
 * What a workspace keeps of its people beside what Meta tells, and how it chooses among them: fields, tags, lists,
 * segments, what other systems told, and what each contact did last. All of it hangs on the contact's id.
 */
export { applyAudience } from "./apply.ts";
export { addEvent, listEvents } from "./contact-events.ts";
export { addField, changeField, listFields, removeField } from "./fields.ts";
export { followJoins, type JoinFollower } from "./joining.ts";
export { addList, changeList, changeMembers, getList, listLists, removeList } from "./lists.ts";
export { changeProfile, getProfile } from "./profiles.ts";
export {
  addSegment,
  changeSegment,
  getSegment,
  listSegments,
  previewRule,
  removeSegment,
} from "./segments.ts";
export { addTag, listTags, removeTag, renameTag } from "./tags.ts";
