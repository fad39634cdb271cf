import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { phoneNumbersQuery } from "../../../lib/server/queries.ts";
import { useMessage } from "../../../conversation/filling/use-message.ts";
import { VariableFields } from "../../../conversation/filling/variable-fields.tsx";
import { chevron } from "../../../ui/filter-bar.tsx";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Contact, type Draft, profileQuery, valuesFor } from "../model/model.ts";
import { BASICS } from "../wizard-texts.ts";
import { MessageField } from "./message-field.tsx";
import { PreviewSide } from "./preview-side.tsx";

/** The first step: what it is called, from which number it goes out, and what it says. */
export function Basics({ draft }: { draft: Draft }) {
  const { form } = draft;
  const message = useMessage(form);
  const [contact, setContact] = useState<Contact | null>(null);
  const { data: profile } = useQuery({ ...profileQuery(contact?.id ?? ""), enabled: contact !== null });
  const person = contact && { contact, profile };
  const { values, missing } = valuesFor(message.places, form.variables, person);
  return (
    <div className={common["beside"]}>
      <div className={common["column"]}>
        <Card className={common["block"]}>
          <Name draft={draft} />
          <NumberField draft={draft} />
        </Card>
        <Card className={common["block"]}>
          <h2>{BASICS.message}</h2>
          <MessageField draft={draft} message={message} />
        </Card>
        {message.places.length > 0 && (
          <Card className={common["block"]}>
            <h2>{BASICS.variables}</h2>
            <p className={common["hint"]}>{BASICS.variables_lead}</p>
            <VariableFields
              places={message.places}
              variables={form.variables}
              columns={draft.campaign.columns}
              payload={false}
              // Without a payload, none is from one.
              put={(variables) => draft.put({ variables: variables as typeof form.variables })}
            />
          </Card>
        )}
      </div>
      <PreviewSide
        versions={message.versions}
        values={values}
        missing={missing}
        contact={contact}
        setContact={setContact}
      />
    </div>
  );
}

function Name({ draft: { form, put } }: { draft: Draft }) {
  return (
    <TextInput
      label={BASICS.name}
      description={BASICS.name_hint}
      maxLength={100}
      value={form.name}
      error={form.name.trim() === "" && BASICS.name_missing}
      onChange={({ currentTarget: { value } }) => put({ name: value })}
    />
  );
}

/** A workspace with one number has nothing to choose. */
function NumberField({ draft: { form, put } }: { draft: Draft }) {
  const { data } = useQuery(phoneNumbersQuery);
  const numbers = data?.data ?? [];
  const chosen = numbers.find(({ id }) => id === form.phone_number_id);
  return (
    <NativeSelect
      label={BASICS.number}
      description={data && numbers.length === 0 ? BASICS.no_numbers : BASICS.number_hint}
      rightSection={chevron}
      data={[
        { value: "", label: BASICS.choose_number },
        ...numbers.map(({ id, display_phone_number, verified_name, phone_number_id }) => ({
          value: id,
          label: [display_phone_number ?? phone_number_id, verified_name].filter(Boolean).join(" · "),
        })),
      ]}
      value={form.phone_number_id ?? ""}
      error={
        chosen && !chosen.connected
          ? BASICS.not_connected
          : chosen?.sending.paused
            ? BASICS.number_paused
            : undefined
      }
      onChange={({ currentTarget: { value } }) => put({ phone_number_id: value || null })}
    />
  );
}
