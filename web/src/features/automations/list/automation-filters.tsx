import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import bar from "../../../ui/filter-bar.module.css";
import { SearchField } from "../../../ui/filter-bar.tsx";
import type { AutomationFilter } from "../model/model.ts";
import { LIST, STATES } from "../texts.ts";
import classes from "./list.module.css";

const TABS = [undefined, "ACTIVE", "DRAFT", "INACTIVE"] as const;

export function AutomationFilters({ filter }: { filter: AutomationFilter }) {
  const navigate = useNavigate({ from: "/automations" });
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <nav aria-label={LIST.state} className={bar["states"]}>
        {TABS.map((each) => (
          <Link
            key={each ?? ""}
            from="/automations"
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
          <Link to="/automations" search={{ state: filter.state }} className={bar["clear"]}>
            <IconX size={15} aria-hidden /> {LIST.clear}
          </Link>
        )}
      </div>
    </div>
  );
}
