import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { GroupChooser } from "../../../conversation/filling/group-chooser.tsx";
import { TemplateChooser } from "../../../conversation/filling/template-chooser.tsx";
import { CHOICE } from "../../../conversation/filling/texts.ts";
import { useMessage } from "../../../conversation/filling/use-message.ts";
import { VariableFields } from "../../../conversation/filling/variable-fields.tsx";
import { listedParts } from "../../../conversation/template/listed-parts.ts";
import { PhonePreview } from "../../../conversation/template/phone-preview.tsx";
import { StatusTag } from "../../../conversation/template/status-tag.tsx";
import { phoneNumbersQuery } from "../../../lib/server/queries.ts";
import common from "../../../ui/form-blocks.module.css";
import { type Act, isCalling } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { ACTION } from "../setting-texts.ts";

type SendTemplate = Extract<Act, { kind: "send_template" }>;

/** A template, or a group of them by language, with what stands in its places. */
export function TemplateFields({ act, set }: { act: SendTemplate; set: (act: Act) => void }) {
  const { flow, nameOf } = useDrawing();
  const message = useMessage(act);
  const [kind, setKind] = useState(act.template_group_id === null ? "template" : "group");
  const [choosing, setChoosing] = useState(false);
  const { data: numbers } = useQuery(phoneNumbersQuery);
  const number = numbers?.data.find(({ id }) => id === flow.settings.phone_number_id);
  const waba_id = number?.waba_id ?? null;
  const is_group = kind === "group";
  const [version] = message.versions;
  const chosen = is_group ? message.group : act.template_id === null ? undefined : version?.template;
  const close = () => setChoosing(false);
  return (
    <>
      <SegmentedControl
        aria-label={ACTION.message_kind}
        data={[
          { value: "template", label: ACTION.kinds.template },
          { value: "group", label: ACTION.kinds.group },
        ]}
        value={kind}
        onChange={setKind}
      />
      <div className={common["line"]}>
        <div className={common["chosen"]}>
          {chosen ? (
            <b dir="auto">{chosen.name}</b>
          ) : (
            <small>{is_group ? ACTION.group_none : ACTION.none}</small>
          )}
          {chosen && <small>{message.versions.map(({ language }) => language).join(", ")}</small>}
        </div>
        {chosen && "status" in chosen && <StatusTag status={chosen.status} />}
        <Button variant={chosen ? "default" : "filled"} size="xs" onClick={() => setChoosing(true)}>
          {chosen ? ACTION.change : CHOICE.choose[is_group ? "group" : "template"]}
        </Button>
      </div>
      {version && chosen && (
        <PhonePreview components={listedParts(version.template.components)} values={{}} />
      )}
      {chosen && message.places.length > 0 && (
        <>
          <h3>{ACTION.variables}</h3>
          <VariableFields
            places={message.places}
            variables={act.variables}
            columns={null}
            payload
            answers={flow.nodes.filter(isCalling).map(({ id }) => ({ id, name: nameOf(id) }))}
            put={(variables) => set({ ...act, variables })}
          />
        </>
      )}
      {choosing && !is_group && (
        <TemplateChooser
          templates={message.templates}
          waba_id={waba_id}
          onChoose={(template_id) => {
            set({ ...act, template_id, template_group_id: null });
            close();
          }}
          onClose={close}
        />
      )}
      {choosing && is_group && (
        <GroupChooser
          groups={message.groups}
          waba_id={waba_id}
          onChoose={(template_group_id) => {
            set({ ...act, template_id: null, template_group_id });
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
