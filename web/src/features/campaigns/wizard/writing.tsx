import { getRouteApi, Link } from "@tanstack/react-router";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import { lazyPart } from "../../../lib/page/chunks.ts";
import { Page } from "../../../ui/page.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { type Campaign, type Draft, type Step, STEPS } from "../model/model.ts";
import { LIST } from "../texts.ts";
import { WIZARD } from "../wizard-texts.ts";
import { DeleteDraft } from "./delete-draft.tsx";
import { useDraft } from "./use-draft.ts";
import { WizardBar } from "./wizard-bar.tsx";
import classes from "./wizard.module.css";

const route = getRouteApi("/shell/campaigns/$campaign_id/edit");

const PARTS = {
  basics: lazyPart(() => import("../basics/basics.tsx"), "Basics"),
  audience: lazyPart(() => import("../audience/audience.tsx"), "Audience"),
  schedule: lazyPart(() => import("../schedule/schedule.tsx"), "Schedule"),
  review: lazyPart(() => import("../review/review.tsx"), "ReviewStep"),
};

/** The four steps from nothing to launched; the address holds which one is open. */
export function Wizard({ campaign, above }: { campaign: Campaign; above: ReactNode }) {
  const said = route.useSearch().step;
  const step = STEPS.find((each) => each === said) ?? "basics";
  const draft = useDraft(campaign);
  const Part = PARTS[step];
  const top = (element: HTMLElement | null) => element?.scrollTo({ top: 0 });
  useEffect(() => {
    // What the next step asks the server is about what was written here.
    void draft.flush().catch(() => {});
    // oxlint-disable-next-line react/exhaustive-deps
  }, [step]);
  return (
    <Page
      key={step}
      scrolls={top}
      above={above}
      title={<span dir="auto">{draft.form.name.trim() || LIST.unnamed}</span>}
      action={<DeleteDraft campaign={campaign} />}
    >
      <StepsNav draft={draft} open={step} />
      <Panel name={WIZARD.steps[step]} of={step}>
        <Part draft={draft} />
      </Panel>
      <WizardBar draft={draft} state={draft.state} step={step} />
    </Page>
  );
}

function StepsNav({ draft, open }: { draft: Draft; open: Step }) {
  const done = isDone(draft);
  return (
    <nav aria-label={WIZARD.label} className={classes["steps"]}>
      <ol>
        {STEPS.map((step, at) => (
          <li key={step}>
            <Link
              from="/campaigns/$campaign_id/edit"
              search={{ step }}
              activeOptions={{ explicitUndefined: true }}
              aria-current={step === open ? "step" : undefined}
              data-done={done[step] || undefined}
            >
              <i aria-hidden>{done[step] ? <IconCheck size={14} stroke={2.6} /> : at + 1}</i>
              <span>{WIZARD.steps[step]}</span>
              {done[step] && <span className={classes["unseen"]}>{WIZARD.filled}</span>}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** As far as it can be told here; the last step checks everything. */
function isDone({ campaign, form }: Draft): Record<Step, boolean> {
  const message = form.template_id !== null || form.template_group_id !== null;
  return {
    basics: form.name.trim() !== "" && form.phone_number_id !== null && message,
    audience: form.audience.include.length > 0 || campaign.added > 0,
    schedule: form.schedule.kind !== "now" || form.rate_per_min !== null || form.canary !== null,
    review: false,
  };
}
