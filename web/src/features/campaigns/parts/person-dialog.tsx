import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { ChooseDialog } from "../../../conversation/filling/choose-dialog.tsx";
import { type Contact, peopleSearchQuery } from "../model/model.ts";
import { CHOOSE } from "../texts.ts";

/** Chooses one person by name or number. */
export function PersonDialog({
  onChoose,
  onClose,
}: {
  onChoose: (contact: Contact) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search.trim(), 300);
  const { data } = useQuery({ ...peopleSearchQuery(wanted), placeholderData: keepPreviousData });
  return (
    <ChooseDialog
      title={CHOOSE.person}
      label={CHOOSE.person_search}
      search={search}
      setSearch={setSearch}
      choices={data?.data.map(({ id, display_name, phone }) => ({
        id,
        title: display_name,
        ...(phone !== null && { text: phone }),
      }))}
      empty={CHOOSE.nothing_found}
      onChoose={(id) => {
        const contact = data?.data.find((each) => each.id === id);
        if (contact) onChoose(contact);
      }}
      onClose={onClose}
    />
  );
}
