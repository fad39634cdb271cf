import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { filesQuery, groupsQuery } from "../../../conversation/filling/library-queries.ts";
import {
  campaignNamesQuery,
  fieldsQuery,
  listsQuery,
  segmentsQuery,
  tagsQuery,
} from "../../../lib/server/audience.ts";
import {
  endpointsQuery,
  meQuery,
  phoneNumbersQuery,
  templatesQuery,
  usersQuery,
} from "../../../lib/server/queries.ts";
import { WORDS } from "../flow-texts.ts";
import type { Names } from "../model/model.ts";

interface Named {
  id: string;
  name: string | null;
}

/** Names while they are read are dots; what is not among them then is deleted. */
const finder = (known: readonly Named[] | undefined) => (id: string) =>
  known === undefined ? "…" : (known.find((each) => each.id === id)?.name ?? WORDS.deleted);

/** What everything is called that a flow names by its id. */
export function useNames(): Names {
  const { data: tags } = useQuery(tagsQuery);
  const { data: lists } = useQuery(listsQuery);
  const { data: segments } = useQuery(segmentsQuery);
  const { data: fields } = useQuery(fieldsQuery);
  const { data: templates } = useQuery(templatesQuery);
  const { data: groups } = useQuery(groupsQuery);
  const { data: campaigns } = useQuery(campaignNamesQuery);
  const { data: numbers } = useQuery(phoneNumbersQuery);
  const { data: files } = useInfiniteQuery(filesQuery(undefined));
  const { data: me } = useQuery(meQuery);
  const { data: users } = useQuery(usersQuery);
  const { data: endpoints } = useQuery(endpointsQuery);
  return useMemo(
    () => ({
      tag: finder(tags?.data),
      list: finder(lists?.data),
      segment: finder(segments?.data),
      field: finder(fields?.data),
      template: finder(templates?.data),
      group: finder(groups),
      campaign: finder(campaigns?.data),
      number: finder(
        numbers?.data.map(({ id, display_phone_number, phone_number_id }) => ({
          id,
          name: display_phone_number ?? phone_number_id,
        })),
      ),
      file: finder(files?.pages.flatMap(({ data }) => data)),
      user: (id) =>
        me?.user?.id === id
          ? WORDS.me(me.user.name)
          : users === undefined
            ? "…"
            : (users.data.find((user) => user.id === id)?.name ?? WORDS.someone),
      endpoint: finder(endpoints?.data.map(({ id, url, description }) => ({ id, name: description || url }))),
    }),
    [tags, lists, segments, fields, templates, groups, campaigns, numbers, files, me, users, endpoints],
  );
}
