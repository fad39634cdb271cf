import { lazyPart } from "../../lib/page/chunks.ts";

/** The pages that are read; the builder of segments, which is more code, comes when one opens a segment. */
export { ContactPage } from "./contact-page.tsx";
export { ContactsPage } from "./contacts-page.tsx";
export { FieldsPage } from "./fields-page.tsx";
export { ListsPage } from "./lists-page.tsx";
export { SegmentsPage } from "./segments-page.tsx";
export { TagsPage } from "./tags-page.tsx";

export const SegmentPage = lazyPart(() => import("./segment-page.tsx"), "SegmentPage");
