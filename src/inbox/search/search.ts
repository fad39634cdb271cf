/** Texts folded for search, and the rows in which they are found. */
export { createSearchFill, foldNamesForSearch } from "./search-rows.ts";
export {
  afterEdit,
  holds,
  holdsOne,
  isIndexed,
  NOTHING_SEARCHED,
  searchable,
  searchColumns,
  type Wanted,
  wantedDigits,
  wantedOf,
} from "./search-text.ts";
export { searchableMessage } from "./search-words.ts";
