import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import common from "../../ui/form-blocks.module.css";
import type { Group } from "./library-queries.ts";
import { ChooseDialog } from "./choose-dialog.tsx";
import { CHOICE } from "./texts.ts";

export function GroupChooser({
  groups,
  waba_id,
  onChoose,
  onClose,
}: {
  groups: readonly Group[] | undefined;
  waba_id: string | null;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const found = groups?.filter(
    (each) => (waba_id === null || each.waba_id === waba_id) && each.name.toLowerCase().includes(wanted),
  );
  return (
    <ChooseDialog
      title={CHOICE.choose.group}
      label={CHOICE.search_group}
      search={search}
      setSearch={setSearch}
      note={
        <p className={common["hint"]}>
          {CHOICE.group_hint} <Link to="/templates/groups">{CHOICE.make_group}</Link>
        </p>
      }
      choices={found?.map(({ id, name, members }) => ({
        id,
        title: name,
        text: members
          .map(({ language, template_name }) => `${languageName(language)}: ${template_name}`)
          .join(", "),
      }))}
      empty={wanted === "" ? CHOICE.no_groups : CHOICE.nothing_found}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}
