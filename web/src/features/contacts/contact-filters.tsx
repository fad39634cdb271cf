import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import { CONSENT_LABELS } from "../../lib/words/texts.ts";
import { chevron, SearchField } from "../../ui/filter-bar.tsx";
import bar from "../../ui/filter-bar.module.css";
import classes from "./contacts.module.css";
import { COUNTRIES } from "../../conversation/conditions/countries.ts";
import { listsQuery, segmentsQuery, tagsQuery, type ContactFilter } from "./queries.ts";
import { LIST } from "./texts.ts";

type Name = "tag" | "list" | "segment" | "marketing_state" | "country";

export function ContactFilters({ filter }: { filter: ContactFilter }) {
  const navigate = useNavigate({ from: "/contacts" });
  const { data: tags } = useQuery(tagsQuery);
  const { data: lists } = useQuery(listsQuery);
  const { data: segments } = useQuery(segmentsQuery);
  const put = (change: ContactFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const select = (
    label: string,
    any: string,
    name: Name,
    options: readonly { value: string; label: string }[],
  ) => (
    <NativeSelect
      rightSection={chevron}
      aria-label={label}
      data={[{ value: "", label: any }, ...options]}
      value={filter[name] ?? ""}
      onChange={({ currentTarget: { value } }) => put({ [name]: value || undefined })}
    />
  );
  const named = (all: readonly { id: string; name: string }[] | undefined) =>
    (all ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const { sort, ...others } = filter;
  const filtered = Object.values(others).some((value) => value !== undefined);
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <div className={bar["fields"]}>
        <SearchField
          search={filter.search}
          put={(search) => put({ search })}
          label={LIST.search}
          placeholder={LIST.search_hint}
        />
        {select(LIST.tag, LIST.any_tag, "tag", named(tags?.data))}
        {select(LIST.list, LIST.any_list, "list", named(lists?.data))}
        {select(LIST.segment, LIST.any_segment, "segment", named(segments?.data))}
        {select(
          LIST.consent,
          LIST.any_consent,
          "marketing_state",
          Object.entries(CONSENT_LABELS).map(([value, label]) => ({ value, label })),
        )}
        {select(LIST.country, LIST.any_country, "country", COUNTRIES)}
        <NativeSelect
          rightSection={chevron}
          aria-label={LIST.sort}
          data={Object.entries(LIST.sorts).map(([value, label]) => ({ value, label }))}
          value={sort ?? "newest"}
          onChange={({ currentTarget: { value } }) =>
            put({ sort: value === "newest" ? undefined : (value as "name") })
          }
        />
        {filtered && (
          <Link to="/contacts" search={{ sort }} className={bar["clear"]}>
            <IconX size={15} aria-hidden /> {LIST.clear}
          </Link>
        )}
      </div>
    </div>
  );
}
