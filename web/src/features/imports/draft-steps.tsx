import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconTrash } from "@tabler/icons-react";
import bar from "../../ui/filter-bar.module.css";
import { CheckStep } from "./check-step.tsx";
import { ColumnsStep } from "./columns-step.tsx";
import { DeleteButton } from "./delete-button.tsx";
import classes from "./imports.module.css";
import { PeopleStep } from "./people-step.tsx";
import type { Import } from "./queries.ts";
import { STEPS } from "./texts.ts";
import { useDraft } from "./use-draft.ts";

const route = getRouteApi("/shell/contacts/imports/$import_id");
const ORDER = ["columns", "people", "check"] as const;

/** What is decided before an import starts, a step a page; each is in the address, and everything is saved at once. */
export function DraftSteps({ imported }: { imported: Import }) {
  const { step: wanted } = route.useSearch();
  const step = ORDER.find((each) => each === wanted) ?? "columns";
  const { change, saving } = useDraft(imported);
  const at = ORDER.indexOf(step);
  return (
    <>
      <nav aria-label={STEPS.label} className={`${bar["states"]} ${classes["steps"]}`}>
        {ORDER.map((each, i) => (
          <Link
            key={each}
            to="/contacts/imports/$import_id"
            params={{ import_id: imported.id }}
            search={{ step: each }}
            aria-current={each === step ? "step" : undefined}
          >
            {i + 1}. {STEPS[each]}
          </Link>
        ))}
      </nav>
      {step === "columns" && <ColumnsStep imported={imported} change={change} />}
      {step === "people" && <PeopleStep imported={imported} change={change} />}
      {step === "check" && <CheckStep imported={imported} saving={saving} />}
      <div className={classes["foot"]}>
        <DeleteButton imported={imported} variant="subtle" icon={<IconTrash size={16} aria-hidden />}>
          {STEPS.delete}
        </DeleteButton>
        <span role="status" className={classes["soft"]}>
          {saving && STEPS.saving}
        </span>
        {at > 0 && <StepButton imported={imported} step={ORDER[at - 1]!} label={STEPS.back} />}
        {at < 2 && <StepButton imported={imported} step={ORDER[at + 1]!} label={STEPS.next} main />}
      </div>
    </>
  );
}

function StepButton({
  imported,
  step,
  label,
  main = false,
}: {
  imported: Import;
  step: (typeof ORDER)[number];
  label: string;
  main?: boolean;
}) {
  return (
    <Button
      variant={main ? "filled" : "default"}
      renderRoot={(props) => (
        <Link
          to="/contacts/imports/$import_id"
          params={{ import_id: imported.id }}
          search={{ step }}
          {...props}
        />
      )}
    >
      {label}
    </Button>
  );
}
