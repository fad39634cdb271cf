import { NativeSelect } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import bar from "../../../ui/filter-bar.module.css";
import { chevron, SearchField } from "../../../ui/filter-bar.tsx";
import type { PeopleFilter } from "../model/model.ts";
import { countryName } from "../texts.ts";
import { COUNTS, PEOPLE, RECIPIENT_STATES, SKIP_REASONS } from "../result-texts.ts";
import classes from "./recipients.module.css";

/** Whose rows are shown, as the address says. A choice takes the place of the number that one came from. */
export function RecipientFilters({ filter }: { filter: PeopleFilter }) {
  const navigate = useNavigate({ from: "/campaigns/$campaign_id" });
  const { search, ...behind } = filter;
  const put = (change: PeopleFilter) => void navigate({ search: { search, ...change }, replace: true });
  const others = numberWords(filter);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className={bar["fields"]}>
      <SearchField
        search={search}
        put={(text) => void navigate({ search: { ...behind, search: text }, replace: true })}
        label={PEOPLE.search}
        placeholder={PEOPLE.search_hint}
      />
      <NativeSelect
        aria-label={PEOPLE.state}
        rightSection={chevron}
        data={[
          { value: "", label: PEOPLE.any_state },
          ...Object.entries(RECIPIENT_STATES).map(([value, label]) => ({ value, label })),
        ]}
        value={filter.state ?? ""}
        onChange={({ currentTarget: { value } }) =>
          put({ state: (value || undefined) as PeopleFilter["state"] })
        }
      />
      <NativeSelect
        aria-label={PEOPLE.skip_reason}
        rightSection={chevron}
        data={[
          { value: "", label: PEOPLE.any_reason },
          ...Object.entries(SKIP_REASONS).map(([value, label]) => ({ value, label })),
        ]}
        value={filter.skip_reason ?? ""}
        onChange={({ currentTarget: { value } }) =>
          put({ skip_reason: (value || undefined) as PeopleFilter["skip_reason"] })
        }
      />
      {others !== null && <span className={classes["behind"]}>{others}</span>}
      {filtered && (
        <Link from="/campaigns/$campaign_id" search={{}} className={bar["clear"]}>
          <IconX size={15} aria-hidden /> {PEOPLE.clear}
        </Link>
      )}
    </div>
  );
}

/** The number that one came from, where no field shows it. */
function numberWords({ reached, error_code, country }: PeopleFilter): string | null {
  if (reached !== undefined) return PEOPLE.behind(COUNTS[reached]);
  if (error_code !== undefined) return PEOPLE.with_error(error_code);
  return country === undefined ? null : PEOPLE.from_country(countryName(country));
}
