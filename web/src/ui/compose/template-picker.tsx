import { Button, Modal, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft, IconChevronRight, IconSearch, IconTemplate } from "@tabler/icons-react";
import { useState } from "react";
import { previewOf } from "../../lib/message.ts";
import { templatesQuery } from "../../lib/queries.ts";
import { filled, readSheet, templateContent } from "../../lib/templates.ts";
import type { Outgoing, Template } from "../../lib/types.ts";
import { Empty, Failure } from "../page-state.tsx";
import { RichText } from "../rich-text.tsx";
import classes from "./compose.module.css";

type Named = Template & { name: string; language: string };
type OnSend = (content: Outgoing, text: string) => void;

/** Which template, what is filled into it, and how the customer will see it. */
export function TemplatePicker({
  name,
  wants_marketing,
  onClose,
  onSend,
}: {
  name: string;
  wants_marketing: boolean;
  onClose: () => void;
  onSend: OnSend;
}) {
  const [chosen, setChosen] = useState<Named | null>(null);
  return (
    <Modal
      opened
      centered
      size={560}
      title={chosen ? chosen.name : `A template for ${name}`}
      closeButtonProps={{ "aria-label": "Close" }}
      onClose={onClose}
    >
      {chosen ? (
        <Fill key={chosen.id} template={chosen} onBack={() => setChosen(null)} onSend={onSend} />
      ) : (
        <Choose wants_marketing={wants_marketing} onChoose={setChosen} />
      )}
    </Modal>
  );
}

function Choose({
  wants_marketing,
  onChoose,
}: {
  wants_marketing: boolean;
  onChoose: (template: Named) => void;
}) {
  const query = useQuery(templatesQuery);
  const [search, setSearch] = useState("");
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton h={160} radius={12} />;
  const approved = query.data.data.filter(
    (each): each is Named => each.status === "APPROVED" && each.name !== null && each.language !== null,
  );
  if (approved.length === 0) {
    return (
      <Empty icon={<IconTemplate size={26} stroke={1.6} />} title="No approved templates yet">
        A template appears here as soon as Meta tells that it is approved.
      </Empty>
    );
  }
  const found = approved.filter((each) =>
    each.name.includes(search.trim().toLowerCase().replace(/\s+/g, "_")),
  );
  return (
    <div className={classes["form"]}>
      <TextInput
        data-autofocus
        aria-label="Search templates"
        placeholder="Search by name"
        leftSection={<IconSearch size={17} stroke={1.8} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes["templates"]}>
        {found.map((template) => {
          const refused = template.category === "MARKETING" && !wants_marketing;
          return (
            <li key={template.id}>
              <button type="button" disabled={refused} onClick={() => onChoose(template)}>
                <span>
                  <b>{template.name}</b>
                  <small>
                    {[template.language, template.category?.toLowerCase()].filter(Boolean).join(" · ")}
                    {refused && " · they want no marketing"}
                  </small>
                  <span>{readSheet(template.components).body}</span>
                </span>
                <IconChevronRight size={17} aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      {found.length === 0 && <p className={classes["hint"]}>No approved template is called so.</p>}
    </div>
  );
}

function Fill({ template, onBack, onSend }: { template: Named; onBack: () => void; onSend: OnSend }) {
  const sheet = readSheet(template.components);
  const [values, setValues] = useState<Record<string, string>>({});
  const body = sheet.body === null ? null : filled(sheet.body, "body", values);
  const missing = sheet.blanks.some((blank) => !values[blank.key]?.trim());
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing)
          onSend(
            templateContent(template, sheet, values),
            body ?? previewOf({ type: "template", text: null }),
          );
      }}
    >
      {sheet.blanks.map((blank, index) => (
        <TextInput
          key={blank.key}
          data-autofocus={index === 0 || undefined}
          label={blank.label}
          required
          withAsterisk={false}
          maxLength={1024}
          value={values[blank.key] ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setValues((now) => ({ ...now, [blank.key]: value }));
          }}
        />
      ))}
      <div className={classes["preview"]} aria-label="Preview" role="group">
        <div>
          {sheet.header && <b>{filled(sheet.header, "header", values)}</b>}
          {body === null ? (
            <em>Meta has not told Wharf what this template says; it goes out without anything filled in.</em>
          ) : (
            <RichText text={body} />
          )}
          {sheet.footer && <small>{sheet.footer}</small>}
        </div>
        {sheet.buttons.map((label) => (
          <span key={label}>{label}</span>
        ))}
      </div>
      <div className={classes["buttons"]}>
        <Button variant="default" leftSection={<IconArrowLeft size={16} />} onClick={onBack}>
          Another
        </Button>
        <Button type="submit" disabled={missing} data-autofocus={sheet.blanks.length === 0 || undefined}>
          Send template
        </Button>
      </div>
    </form>
  );
}
