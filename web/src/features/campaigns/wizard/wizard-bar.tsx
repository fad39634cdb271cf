import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { wordsOf } from "../../../lib/server/api.ts";
import type { SaverState } from "../../../lib/server/saver.ts";
import { type Draft, type Form, type Step, STEPS } from "../model/model.ts";
import { WIZARD } from "../wizard-texts.ts";
import classes from "./wizard.module.css";

/** Whether what is written is saved, and the ways to the steps beside. */
export function WizardBar({ draft, state, step }: { draft: Draft; state: SaverState<Form>; step: Step }) {
  const at = STEPS.indexOf(step);
  const before = STEPS[at - 1];
  const after = STEPS[at + 1];
  return (
    <footer className={classes["bar"]}>
      <Saved state={state} retry={() => void draft.flush().catch(() => {})} />
      {before && (
        <Button
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
          renderRoot={(props) => (
            <Link from="/campaigns/$campaign_id/edit" search={{ step: before }} {...props} />
          )}
        >
          {WIZARD.back}
        </Button>
      )}
      {after && (
        <Button
          rightSection={<IconArrowRight size={16} aria-hidden />}
          renderRoot={(props) => (
            <Link from="/campaigns/$campaign_id/edit" search={{ step: after }} {...props} />
          )}
        >
          {WIZARD.next(WIZARD.steps[after])}
        </Button>
      )}
    </footer>
  );
}

function Saved({ state, retry }: { state: SaverState<Form>; retry: () => void }) {
  if (state.error && state.dirty && !state.saving)
    return (
      <span role="alert" data-bad>
        {WIZARD.not_saved} {wordsOf(state.error)}{" "}
        <Button size="compact-sm" variant="default" onClick={retry}>
          {WIZARD.save_again}
        </Button>
      </span>
    );
  return (
    <span role="status">
      {state.saving || state.dirty ? WIZARD.saving : state.saved_at === null ? WIZARD.draft : WIZARD.saved}
    </span>
  );
}
