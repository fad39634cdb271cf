import { Skeleton, TextInput } from "@mantine/core";
import { IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { readSheet } from "../model/templates.ts";
import type { Outgoing } from "../../lib/types.ts";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./compose.module.css";
import { KeepingModal } from "./keeping-modal.tsx";
import { type Named, TemplateFill } from "./template-fill.tsx";
import { NoTemplates, SyncLine } from "./template-sync.tsx";
import { TEMPLATES } from "./texts.ts";
import { useTemplateSync } from "./use-template-sync.ts";

/** Which template, what is filled into it, and how the customer will see it. */
export function TemplatePicker({
  name,
  waba_id,
  wants_marketing,
  onClose,
  onSend,
}: {
  name: string;
  /** The account of the number that writes: only its templates can be sent. Null: not known. */
  waba_id: string | null;
  wants_marketing: boolean;
  onClose: () => void;
  onSend: (content: Outgoing, text: string) => void;
}) {
  const [chosen, setChosen] = useState<Named | null>(null);
  const [filled, setFilled] = useState(false);
  return (
    <KeepingModal
      size={560}
      title={chosen ? chosen.name : TEMPLATES.title(name)}
      filled={chosen !== null && filled}
      onClose={onClose}
    >
      {chosen ? (
        <TemplateFill
          key={chosen.id}
          template={chosen}
          onFilled={setFilled}
          onBack={() => setChosen(null)}
          onSend={onSend}
        />
      ) : (
        <Choose waba_id={waba_id} wants_marketing={wants_marketing} onChoose={setChosen} />
      )}
    </KeepingModal>
  );
}

function Choose({
  waba_id,
  wants_marketing,
  onChoose,
}: {
  waba_id: string | null;
  wants_marketing: boolean;
  onChoose: (template: Named) => void;
}) {
  const syncing = useTemplateSync(waba_id);
  const { query, templates } = syncing;
  const [search, setSearch] = useState("");
  if (query.isError && !templates) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!templates) return <Skeleton h={160} radius={12} />;
  const approved = templates.filter(
    (each): each is Named => each.status === "APPROVED" && each.name !== null && each.language !== null,
  );
  if (approved.length === 0) return <NoTemplates syncing={syncing} />;
  const found = approved.filter((each) =>
    each.name.includes(search.trim().toLowerCase().replace(/\s+/g, "_")),
  );
  return (
    <div className={classes["form"]}>
      <TextInput
        data-autofocus
        aria-label={TEMPLATES.search}
        placeholder={TEMPLATES.search_hint}
        leftSection={<IconSearch size={17} stroke={1.8} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes["templates"]}>
        {found.map((template) => {
          const sheet = readSheet(template.components);
          const refused =
            template.category === "MARKETING" && !wants_marketing
              ? TEMPLATES.no_marketing
              : sheet.obstacle && TEMPLATES.obstacle(sheet.obstacle);
          return (
            <li key={template.id}>
              <button type="button" disabled={refused !== null} onClick={() => onChoose(template)}>
                <span>
                  <b>{template.name}</b>
                  <small>
                    {[template.language, template.category?.toLowerCase(), refused]
                      .filter(Boolean)
                      .join(" · ")}
                  </small>
                  <span dir="auto">{sheet.body}</span>
                </span>
                <IconChevronRight size={17} aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      {found.length === 0 && <p className={classes["hint"]}>{TEMPLATES.nothing_found}</p>}
      <SyncLine syncing={syncing} />
    </div>
  );
}
