import { lazyPart } from "../../lib/page/chunks.ts";

/** The pages that are read; the editor, which is much more code, comes when one writes. */
export { GroupsPage } from "./groups-page.tsx";
export { MediaPage } from "./media-page.tsx";
export { TemplatePage } from "./template-page.tsx";
export { TemplatesPage } from "./templates-page.tsx";

export const NewTemplatePage = lazyPart(() => import("./editor-page.tsx"), "NewTemplatePage");
export const DraftPage = lazyPart(() => import("./editor-page.tsx"), "DraftPage");
