import { Button, NativeSelect } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useState } from "react";
import type { Place } from "../../../conversation/filling/places.ts";
import type { ChosenMessage } from "../../../conversation/filling/use-message.ts";
import { listedParts } from "../../../conversation/template/listed-parts.ts";
import { PhonePreview } from "../../../conversation/template/phone-preview.tsx";
import { chevron } from "../../../ui/filter-bar.tsx";
import common from "../../../ui/form-blocks.module.css";
import type { Contact } from "../model/model.ts";
import { PersonDialog } from "../parts/parts.ts";
import { PREVIEW } from "../wizard-texts.ts";

/** The message on a phone, with the examples or as one real person would get it. */
export function PreviewSide({
  versions,
  values,
  missing,
  contact,
  setContact,
}: {
  versions: ChosenMessage["versions"];
  values: Record<string, string>;
  missing: readonly Place[];
  contact: Contact | null;
  setContact: (contact: Contact | null) => void;
}) {
  const [choosing, setChoosing] = useState(false);
  const [wanted, setWanted] = useState("");
  const shown = versions.find(({ template }) => template.id === wanted) ?? versions[0];
  if (!shown) return <aside className={common["side"]}>{<p>{PREVIEW.nothing}</p>}</aside>;
  return (
    <aside className={common["side"]} aria-label={PREVIEW.title}>
      {versions.length > 1 && (
        <NativeSelect
          aria-label={PREVIEW.language}
          rightSection={chevron}
          data={versions.map(({ template, language }) => ({ value: template.id, label: language }))}
          value={shown.template.id}
          onChange={({ currentTarget: { value } }) => setWanted(value)}
        />
      )}
      <PhonePreview
        components={listedParts(shown.template.components)}
        values={values}
        examples={contact === null}
      />
      <div className={common["line"]}>
        <p dir="auto">{contact ? PREVIEW.as(contact.display_name) : PREVIEW.examples}</p>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUser size={14} aria-hidden />}
          onClick={() => (contact ? setContact(null) : setChoosing(true))}
        >
          {contact ? PREVIEW.show_examples : PREVIEW.choose}
        </Button>
      </div>
      {contact && missing.length > 0 && (
        <p role="status" className={common["wrong"]}>
          {PREVIEW.would_be_skipped(
            contact.display_name,
            missing.map(({ label }) => label),
          )}
        </p>
      )}
      {choosing && (
        <PersonDialog
          onChoose={(person) => {
            setContact(person);
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </aside>
  );
}
