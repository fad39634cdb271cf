import { NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fieldsQuery } from "../../../lib/server/audience.ts";
import { FIELDS, PANEL } from "../setting-texts.ts";
import { Choose } from "./fields.tsx";

type Value = string | number | boolean | null;

/** A value of a contact's field, typed as the field's kind asks; null where it is left empty. */
export function ValueField({
  field_id,
  label,
  description,
  value,
  put,
}: {
  field_id: string | null;
  label: string;
  description: string;
  value: Value;
  put: (value: Value) => void;
}) {
  const { data } = useQuery(fieldsQuery);
  const field = data?.data.find(({ id }) => id === field_id);
  const common = { label, description };
  if (!field) return null;
  switch (field.kind) {
    case "number":
      return (
        <NumberInput
          {...common}
          hideControls
          value={typeof value === "number" ? value : ""}
          onChange={(typed) => put(typeof typed === "number" ? typed : null)}
        />
      );
    case "boolean":
      return (
        <Choose
          {...common}
          empty={PANEL.none}
          data={[
            { value: "true", label: FIELDS.yes },
            { value: "false", label: FIELDS.no },
          ]}
          value={value === null ? null : String(value)}
          put={(chosen) => put(chosen === null ? null : chosen === "true")}
        />
      );
    case "choice":
      return (
        <Choose
          {...common}
          empty={PANEL.none}
          gone={PANEL.gone}
          data={field.choices.map((each) => ({ value: each, label: each }))}
          value={value === null ? null : String(value)}
          put={put}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          dir="auto"
          type={field.kind === "date" ? "date" : "text"}
          maxLength={1_000}
          value={value === null ? "" : String(value)}
          onChange={({ currentTarget }) => put(currentTarget.value || null)}
        />
      );
  }
}
