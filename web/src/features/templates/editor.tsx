import { Link, useBlocker } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { checkTemplate } from "../../../../src/template-rules/template-rules.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Page } from "../../ui/page.tsx";
import { EditorButtons, isEdit } from "./editor-buttons.tsx";
import { EditorFields } from "./editor-fields.tsx";
import classes from "./editor.module.css";
import { emptyForm, type Form, formOf, sayer } from "./editor-model.ts";
import { PhonePreview } from "../../conversation/template/phone-preview.tsx";
import type { Draft } from "./queries.ts";
import shared from "./templates.module.css";
import { EDITOR } from "./texts.ts";
import { useDraftActions } from "./use-draft-actions.ts";

/** Writes a template: its fields on the left, and a phone that follows the typing on the right. */
export function Editor({ draft }: { draft: Draft | null }) {
  const [form, setForm] = useState<Form>(() => (draft ? formOf(draft) : emptyForm()));
  const [dirty, setDirty] = useState(false);
  const [tried, setTried] = useState(false);
  const faults = useMemo(() => checkTemplate(form), [form]);
  const wrong = faults.filter(({ level }) => level === "error").length;
  const actions = useDraftActions(draft, form, () => setDirty(false));
  const refusal = dirty ? null : (draft?.refusal ?? null);
  const say = sayer(faults, tried, refusal);
  const title = titleOf(draft);
  useTitle(title);
  return (
    <Page
      above={
        <Link to="/templates" search={draft ? { state: "drafts" } : {}} className={shared["back"]}>
          <IconArrowLeft size={16} aria-hidden /> {EDITOR.back}
        </Link>
      }
      title={title}
      lead={EDITOR.lead}
    >
      <Banner draft={draft} refusal={refusal} />
      <div className={classes["editor"]}>
        <div className={classes["column"]}>
          <EditorFields
            form={form}
            say={say}
            edits_status={draft?.edits_status ?? null}
            put={(next) => {
              setForm(next);
              setDirty(true);
            }}
          />
        </div>
        <aside className={classes["side"]} aria-label={EDITOR.preview}>
          <PhonePreview components={form.components} />
          <p>{EDITOR.preview_lead}</p>
        </aside>
      </div>
      <div className={classes["bar"]}>
        <span role="status">{tried && wrong > 0 ? EDITOR.to_correct(wrong) : null}</span>
        <EditorButtons
          draft={draft}
          dirty={dirty}
          actions={actions}
          onDiscard={() => {
            setDirty(false);
            actions.discard.mutate();
          }}
          onSubmit={() => {
            setTried(true);
            if (wrong === 0) actions.submit.mutate(dirty);
          }}
        />
      </div>
      <AskBeforeLeaving dirty={dirty} saved={actions.submit.isSuccess || actions.save.isPending} />
    </Page>
  );
}

function titleOf(draft: Draft | null): string {
  if (draft === null) return EDITOR.new_title;
  return isEdit(draft) ? EDITOR.edit_title(draft.name) : EDITOR.draft_title(draft.name);
}

/** What is not saved is not left without a word. */
function AskBeforeLeaving({ dirty, saved }: { dirty: boolean; saved: boolean }) {
  const leaving = useBlocker({
    shouldBlockFn: () => dirty && !saved,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <Confirm
      opened={leaving.status === "blocked"}
      title={EDITOR.leave}
      yes={EDITOR.leave_yes}
      no={EDITOR.stay}
      danger
      onYes={() => leaving.proceed?.()}
      onClose={() => leaving.reset?.()}
    >
      <p>{EDITOR.leave_text}</p>
    </Confirm>
  );
}

/** What came of the last try to submit it. */
function Banner({ draft, refusal }: { draft: Draft | null; refusal: Draft["refusal"] }) {
  if (draft && draft.taken_as !== null)
    return (
      <div className={shared["banner"]} role="status">
        <b>{EDITOR.taken}</b>
        <div>
          <Link to="/templates/$template_id" params={{ template_id: draft.taken_as }}>
            {EDITOR.open_taken}
          </Link>
        </div>
      </div>
    );
  if (draft?.state === "unconfirmed")
    return (
      <div className={shared["banner"]} role="status">
        <b>{EDITOR.unconfirmed}</b>
        <p>{EDITOR.unconfirmed_text}</p>
      </div>
    );
  if (!refusal) return null;
  return (
    <div className={shared["banner"]} data-tone="bad" role="alert">
      <b>{EDITOR.refused}</b>
      <p>{[refusal.says, refusal.details].filter(Boolean).join(" ")}</p>
    </div>
  );
}
