import { NativeSelect } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconX } from "@tabler/icons-react";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import type { Reply } from "../../../../src/contract/contract.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { chevron, SearchField } from "../../ui/filter-bar.tsx";
import bar from "../../ui/filter-bar.module.css";
import type { TemplateFilter } from "./queries.ts";
import classes from "./templates.module.css";
import { categoryOf, LIST, QUALITIES, STATES } from "./texts.ts";

type Counts = Reply<"GET /api/v1/templates/counts">;
const STATE_TABS = ["current", "drafts", "approved", "pending", "attention", "gone"] as const;

export function TemplateFilters({ filter, counts }: { filter: TemplateFilter; counts: Counts | undefined }) {
  const navigate = useNavigate({ from: "/templates" });
  const put = (change: TemplateFilter) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const select = (
    label: string,
    any: string,
    name: "category" | "language" | "quality" | "account",
    options: { value: string; label: string }[],
  ) => (
    <NativeSelect
      rightSection={chevron}
      aria-label={label}
      data={[{ value: "", label: any }, ...options]}
      value={filter[name] ?? ""}
      onChange={({ currentTarget: { value } }) => put({ [name]: value || undefined })}
    />
  );
  const { state, ...others } = filter;
  const filtered = Object.values(others).some((value) => value !== undefined);
  return (
    <div className={`${bar["filters"]} ${classes["filters"]}`}>
      <StateTabs state={state ?? "current"} counts={counts} />
      {state !== "drafts" && (
        <div className={bar["fields"]}>
          <SearchField
            search={filter.search}
            put={(search) => put({ search })}
            label={LIST.search}
            placeholder={LIST.search_hint}
          />
          {select(
            LIST.category,
            LIST.any_category,
            "category",
            (counts?.categories ?? []).map((value) => ({ value, label: categoryOf(value) ?? value })),
          )}
          {select(
            LIST.language,
            LIST.any_language,
            "language",
            (counts?.languages ?? []).map((value) => ({ value, label: languageName(value) })),
          )}
          {select(
            LIST.quality,
            LIST.any_quality,
            "quality",
            Object.entries(QUALITIES).map(([value, label]) => ({ value, label })),
          )}
          {(counts?.accounts.length ?? 0) > 1 &&
            select(
              LIST.account,
              LIST.any_account,
              "account",
              (counts?.accounts ?? []).map(({ waba_id, name }) => ({
                value: waba_id,
                label: name ?? waba_id,
              })),
            )}
          {filtered && (
            <Link to="/templates" search={{ state }} className={bar["clear"]}>
              <IconX size={15} aria-hidden /> {LIST.clear}
            </Link>
          )}
        </div>
      )}
    </div>
  );
}

function StateTabs({ state, counts }: { state: string; counts: Counts | undefined }) {
  return (
    <nav aria-label={STATES.label} className={bar["states"]}>
      {STATE_TABS.map((each) => (
        <Link
          key={each}
          from="/templates"
          search={(now) => ({ ...now, state: each === "current" ? undefined : each })}
          aria-current={state === each ? "page" : undefined}
        >
          {STATES[each]}
          {counts !== undefined && counts[each] > 0 && (
            <b data-bad={each === "attention" || undefined}>{formatNumber(counts[each])}</b>
          )}
        </Link>
      ))}
    </nav>
  );
}
