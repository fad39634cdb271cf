import { useQuery } from "@tanstack/react-query";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import { listedParts } from "../template/listed-parts.ts";
import { templatesQuery } from "../../lib/server/queries.ts";
import type { Template } from "../../lib/types.ts";
import { type Group, groupsQuery } from "./library-queries.ts";
import { type Place, placesOf } from "./places.ts";

export interface ChosenMessage {
  templates: Template[] | undefined;
  groups: Group[] | undefined;
  /** The template, or those of the group: that of the fallback language first. */
  versions: { language: string; template: Template }[];
  group: Group | undefined;
  /** What has to be filled in: in a group, whatever one of its templates has. */
  places: Place[];
}

/** The template or the group that is sent, and what it takes. */
export function useMessage({
  template_id,
  template_group_id,
}: {
  template_id: string | null;
  template_group_id: string | null;
}): ChosenMessage {
  const { data } = useQuery(templatesQuery);
  const { data: groups } = useQuery(groupsQuery);
  const templates = data?.data;
  const group = groups?.find(({ id }) => id === template_group_id);
  const members = group?.members.toSorted(
    (a, b) => Number(b.language === group.fallback_language) - Number(a.language === group.fallback_language),
  );
  const ids = template_id === null ? (members ?? []).map((member) => member.template_id) : [template_id];
  const versions = ids.flatMap((id) => {
    const template = templates?.find((each) => each.id === id);
    return template ? [{ template, language: languageName(template.language ?? "") }] : [];
  });
  const places = new Map(
    versions
      .flatMap(({ template }) => placesOf(listedParts(template.components)))
      .toReversed()
      .map((place) => [place.key, place]),
  );
  return { templates, groups, versions, group, places: [...places.values()].toReversed() };
}
