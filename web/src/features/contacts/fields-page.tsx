import { NativeSelect, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconForms, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { call } from "../../lib/server/api.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./contacts.module.css";
import { NameDialog } from "./name-dialog.tsx";
import { fieldsQuery, type Field } from "./queries.ts";
import { RemoveDialog } from "./remove-dialog.tsx";
import { FIELDS, NAMING } from "./texts.ts";
import { ThingMenu, ThingsPage } from "./things-page.tsx";

/** What a workspace keeps of each contact beside what there is of all. */
export function FieldsPage() {
  const client = useQueryClient();
  const query = useQuery(fieldsQuery);
  const [edited, edit] = useState<Field | "new" | null>(null);
  const [removed, remove] = useState<Field | null>(null);
  const again = () =>
    Promise.all(["contact-fields", "contact"].map((key) => client.invalidateQueries({ queryKey: [key] })));
  return (
    <ThingsPage
      at="/contacts/fields"
      texts={FIELDS}
      icon={<IconForms size={26} stroke={1.6} />}
      query={query}
      create={() => edit("new")}
      renderRow={(field) => (
        <>
          <span className={classes["what"]}>
            <b dir="auto">{field.name}</b>
            {field.kind === "choice" && <small dir="auto">{FIELDS.choices_of(field.choices)}</small>}
          </span>
          <span className={classes["soft"]}>{FIELDS.kinds[field.kind]}</span>
          <ThingMenu
            name={field.name}
            items={[
              { label: FIELDS.rename, icon: <IconPencil size={16} aria-hidden />, run: () => edit(field) },
              {
                label: NAMING.remove,
                icon: <IconTrash size={16} aria-hidden />,
                run: () => remove(field),
                danger: true,
              },
            ]}
          />
        </>
      )}
    >
      <p className={classes["note"]}>{FIELDS.built_in}</p>
      {edited && (
        <FieldDialog field={edited === "new" ? null : edited} onClose={() => edit(null)} again={again} />
      )}
      {removed && (
        <RemoveDialog
          kind="field"
          id={removed.id}
          name={removed.name}
          title={FIELDS.remove(removed.name)}
          text={FIELDS.remove_text}
          remove={() => call("DELETE /api/v1/contact_fields/:id", { params: { id: removed.id } }).then(again)}
          onClose={() => remove(null)}
        />
      )}
    </ThingsPage>
  );
}

function FieldDialog({
  field,
  onClose,
  again,
}: {
  field: Field | null;
  onClose: () => void;
  again: () => Promise<unknown>;
}) {
  const [kind, setKind] = useState<Field["kind"]>(field?.kind ?? "text");
  const [lines, setLines] = useState(field?.choices.join("\n") ?? "");
  const choices = lines.split("\n").flatMap((line) => line.trim() || []);
  return (
    <NameDialog
      title={field ? FIELDS.rename : FIELDS.create}
      name={field?.name ?? ""}
      maxLength={100}
      ready={kind !== "choice" || choices.length > 0}
      onClose={onClose}
      save={async (name) => {
        await (field
          ? call("PATCH /api/v1/contact_fields/:id", {
              params: { id: field.id },
              body: { name, ...(kind === "choice" ? { choices } : {}) },
            })
          : call("POST /api/v1/contact_fields", {
              body: { name, kind, ...(kind === "choice" ? { choices } : {}) },
            }));
        await again();
      }}
    >
      <NativeSelect
        label={FIELDS.kind}
        description={FIELDS.kind_hint}
        rightSection={chevron}
        disabled={field !== null}
        data={Object.entries(FIELDS.kinds).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={({ currentTarget: { value } }) => setKind(value as Field["kind"])}
      />
      {kind === "choice" && (
        <Textarea
          required
          label={FIELDS.choices}
          description={FIELDS.choices_hint}
          autosize
          minRows={3}
          maxRows={10}
          value={lines}
          onChange={({ currentTarget: { value } }) => setLines(value)}
        />
      )}
    </NameDialog>
  );
}
