import { Button } from "@mantine/core";
import { Link, useBlocker } from "@tanstack/react-router";
import { IconArrowLeft, IconDeviceFloppy, IconSend, IconTrash } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { checkTemplate } from "../../../../src/template-rules/template-rules.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Page } from "../../ui/page.tsx";
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
  const { save, submit, discard } = useDraftActions(draft, form, () => setDirty(false));
  const refusal = dirty ? null : (draft?.refusal ?? null);
  const say = sayer(faults, tried, refusal);
  const is_edit = draft !== null && draft.edits !== null;
  const title = is_edit
    ? EDITOR.edit_title(draft.name)
    : draft
      ? EDITOR.draft_title(draft.name)
      : EDITOR.new_title;
  useTitle(title);
  const leaving = useBlocker({
    shouldBlockFn: () => dirty && !submit.isSuccess && !save.isPending,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  const busy = save.isPending || submit.isPending || discard.isPending;
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
        {draft && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            disabled={busy}
            onClick={() => {
              setDirty(false);
              discard.mutate();
            }}
          >
            {EDITOR.discard}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          loading={save.isPending}
          disabled={busy || (!dirty && draft !== null)}
          onClick={() => save.mutate()}
        >
          {EDITOR.save}
        </Button>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          loading={submit.isPending}
          disabled={busy}
          onClick={() => {
            setTried(true);
            if (wrong === 0) submit.mutate(dirty);
          }}
        >
          {is_edit ? EDITOR.resubmit : EDITOR.submit}
        </Button>
      </div>
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
    </Page>
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
