import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Draft } from "../model/model.ts";
import { AUDIENCE } from "../wizard-texts.ts";
import { Added } from "./added.tsx";
import { LeftOut } from "./left-out.tsx";
import { ReachCard } from "./reach-card.tsx";
import { SourcePicker } from "./source-picker.tsx";

/** The second step: who gets it, and how many that are. */
export function Audience({ draft }: { draft: Draft }) {
  const { form, put } = draft;
  return (
    <div className={common["beside"]}>
      <div className={common["column"]}>
        <Card className={common["block"]}>
          <h2>{AUDIENCE.include}</h2>
          <p className={common["hint"]}>{AUDIENCE.include_hint}</p>
          <SourcePicker
            label={AUDIENCE.include}
            sources={form.audience.include}
            put={(include) => put({ audience: { ...form.audience, include } })}
          />
        </Card>
        <Added draft={draft} />
        <Card className={common["block"]}>
          <h2>
            {AUDIENCE.exclude} <small>{AUDIENCE.optional}</small>
          </h2>
          <p className={common["hint"]}>{AUDIENCE.exclude_hint}</p>
          <SourcePicker
            label={AUDIENCE.exclude}
            sources={form.audience.exclude}
            put={(exclude) => put({ audience: { ...form.audience, exclude } })}
          />
          <LeftOut draft={draft} />
        </Card>
      </div>
      <aside className={common["side"]} aria-label={AUDIENCE.reach}>
        <ReachCard draft={draft} />
      </aside>
    </div>
  );
}
