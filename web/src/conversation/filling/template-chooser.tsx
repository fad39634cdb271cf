import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import { readSheet } from "../model/templates.ts";
import { listedParts } from "../template/listed-parts.ts";
import { StatusTag } from "../template/status-tag.tsx";
import type { Template } from "../../lib/types.ts";
import common from "../../ui/form-blocks.module.css";
import { isSendable } from "./places.ts";
import { ChooseDialog } from "./choose-dialog.tsx";
import { CHOICE } from "./texts.ts";

/** Those of the number's account, those that can be sent first; live, as all templates are read and kept current. */
export function TemplateChooser({
  templates,
  waba_id,
  onChoose,
  onClose,
}: {
  templates: readonly Template[] | undefined;
  waba_id: string | null;
  onChoose: (id: string) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const found = templates
    ?.filter((each) => each.status !== "DELETED" && (waba_id === null || each.waba_id === waba_id))
    .map((template) => ({ template, body: readSheet(template.components).body ?? "" }))
    .filter(({ template, body }) => `${template.name} ${body}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(isReady(b.template)) - Number(isReady(a.template)));
  return (
    <ChooseDialog
      title={CHOICE.choose.template}
      label={CHOICE.search_template}
      search={search}
      setSearch={setSearch}
      note={
        <p className={common["hint"]}>
          {CHOICE.only_approved} <Link to="/templates/new">{CHOICE.write_template}</Link>
        </p>
      }
      choices={found?.map(({ template, body }) => ({
        id: template.id,
        title: `${template.name} · ${languageName(template.language ?? "")}`,
        text: body,
        aside: <StatusTag status={template.status} />,
        disabled: whyNot(template),
      }))}
      empty={wanted === "" ? CHOICE.no_templates : CHOICE.nothing_found}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}

const whyNot = ({ status, components }: Template): string | undefined =>
  !isSendable(listedParts(components))
    ? CHOICE.not_sendable
    : status === "APPROVED"
      ? undefined
      : CHOICE.not_ready;
const isReady = (template: Template) => whyNot(template) === undefined;
