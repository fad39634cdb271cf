import { useQuery } from "@tanstack/react-query";
import { type Audience, listsQuery, type Segment, segmentsQuery, tagsQuery } from "../model/model.ts";

export type Source = Audience["include"][number];
/** A list, a segment or a tag by its name; a segment is counted when it is asked. */
export type KnownSource = Source & { name: string; contacts: number | null; rule?: Segment["rule"] };

/** All that people can be chosen by; undefined while it is being read. */
export function useSources(): KnownSource[] | undefined {
  const { data: lists } = useQuery(listsQuery);
  const { data: segments } = useQuery(segmentsQuery);
  const { data: tags } = useQuery(tagsQuery);
  if (!lists || !segments || !tags) return undefined;
  return [
    ...segments.data.map(({ id, name, rule }) => ({
      kind: "segment" as const,
      id,
      name,
      rule,
      contacts: null,
    })),
    ...lists.data.map(({ id, name, contacts }) => ({ kind: "list" as const, id, name, contacts })),
    ...tags.data.map(({ id, name, contacts }) => ({ kind: "tag" as const, id, name, contacts })),
  ];
}

export const isSame = (a: Source, b: Source): boolean => a.kind === b.kind && a.id === b.id;
