import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import bar from "../../../ui/filter-bar.module.css";
import { SearchField } from "../../../ui/filter-bar.tsx";
import type { CampaignFilter } from "../model/model.ts";
import { LIST, STATES } from "../texts.ts";
import classes from "./list.module.css";

const TABS = [
  undefined,
  "DRAFT",
  "SCHEDULED",
  "RUNNING",
  "PAUSED",
  "HELD",
  "COMPLETED",
  "CANCELLED",
  "ARCHIVED",
] as const;

export function CampaignFilters({ filter }: { filter: CampaignFilter }) {
  const navigate = useNavigate({ from: "/campaigns" });
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <nav aria-label={LIST.state} className={bar["states"]}>
        {TABS.map((each) => (
          <Link
            key={each ?? ""}
            from="/campaigns"
            activeOptions={{ explicitUndefined: true }}
            search={(now) => ({ ...now, state: each })}
            aria-current={filter.state === each ? "page" : undefined}
          >
            {each === undefined ? LIST.all : STATES[each]}
          </Link>
        ))}
      </nav>
      <div className={bar["fields"]}>
        <SearchField
          search={filter.search}
          put={(search) => void navigate({ search: (now) => ({ ...now, search }), replace: true })}
          label={LIST.search}
          placeholder={LIST.search_hint}
        />
        {filter.search !== undefined && (
          <Link to="/campaigns" search={{ state: filter.state }} className={bar["clear"]}>
            <IconX size={15} aria-hidden /> {LIST.clear}
          </Link>
        )}
      </div>
    </div>
  );
}
