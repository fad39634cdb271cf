import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { GroupChooser } from "../../../conversation/filling/group-chooser.tsx";
import { TemplateChooser } from "../../../conversation/filling/template-chooser.tsx";
import { CHOICE } from "../../../conversation/filling/texts.ts";
import type { ChosenMessage } from "../../../conversation/filling/use-message.ts";
import { StatusTag } from "../../../conversation/template/status-tag.tsx";
import { phoneNumbersQuery } from "../../../lib/server/queries.ts";
import common from "../../../ui/form-blocks.module.css";
import type { Draft } from "../model/model.ts";
import { BASICS } from "../wizard-texts.ts";

type Kind = "template" | "group";

/** One template for everyone, or a group that has one for each language. */
export function MessageField({
  draft: { form, put },
  message: { templates, groups, versions, group },
}: {
  draft: Draft;
  message: ChosenMessage;
}) {
  const [kind, setKind] = useState<Kind>(form.template_group_id === null ? "template" : "group");
  const [choosing, setChoosing] = useState(false);
  const { data: numbers } = useQuery(phoneNumbersQuery);
  const waba_id = numbers?.data.find(({ id }) => id === form.phone_number_id)?.waba_id ?? null;
  const template = form.template_id === null ? undefined : versions[0]?.template;
  const other_account = waba_id !== null && (template ?? group)?.waba_id !== waba_id;
  const close = () => setChoosing(false);
  const chosen = kind === "template" ? template : group;
  return (
    <>
      <SegmentedControl
        aria-label={BASICS.message_kind}
        data={(["template", "group"] as const).map((value) => ({ value, label: BASICS.kinds[value] }))}
        value={kind}
        onChange={(value) => setKind(value)}
      />
      <div className={common["line"]}>
        <div className={common["chosen"]}>
          {kind === "template" && template ? (
            <>
              <b>{template.name}</b>
              <small>
                {versions[0]?.language} · {BASICS.category(template.category)}
              </small>
            </>
          ) : kind === "group" && group ? (
            <>
              <b dir="auto">{group.name}</b>
              <small>{versions.map(({ language }) => language).join(", ")}</small>
            </>
          ) : (
            <small>{BASICS.no_message[kind]}</small>
          )}
        </div>
        {kind === "template" && template && <StatusTag status={template.status} />}
        <Button variant={chosen ? "default" : "filled"} onClick={() => setChoosing(true)}>
          {chosen ? BASICS.change : CHOICE.choose[kind]}
        </Button>
      </div>
      {chosen && other_account && <p className={common["wrong"]}>{BASICS.other_account}</p>}
      {choosing && kind === "template" && (
        <TemplateChooser
          templates={templates}
          waba_id={waba_id}
          onChoose={(template_id) => {
            put({ template_id, template_group_id: null });
            close();
          }}
          onClose={close}
        />
      )}
      {choosing && kind === "group" && (
        <GroupChooser
          groups={groups}
          waba_id={waba_id}
          onChoose={(template_group_id) => {
            put({ template_id: null, template_group_id });
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
