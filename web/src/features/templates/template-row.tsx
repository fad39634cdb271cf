import { Link } from "@tanstack/react-router";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import { readSheet } from "../../conversation/model/templates.ts";
import type { Template } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Tag } from "../../ui/tag.tsx";
import type { Draft } from "./queries.ts";
import { StatusTag } from "../../conversation/template/status-tag.tsx";
import { Quality } from "./quality.tsx";
import classes from "./templates.module.css";
import { categoryOf, LIST } from "./texts.ts";

/** A template as Meta has it. */
export function TemplateRow({ template }: { template: Template }) {
  const { id, name, language, category, status, quality, components, updated_at } = template;
  const { body } = readSheet(components);
  return (
    <li>
      <Link to="/templates/$template_id" params={{ template_id: id }} className={classes["row"]}>
        <span className={classes["what"]}>
          <b title={name ?? undefined}>{name ?? LIST.unnamed}</b>
          <span dir="auto">{body ?? LIST.no_text}</span>
        </span>
        <span className={classes["tags"]}>
          <StatusTag status={status} />
          <Quality quality={quality} />
        </span>
        <span className={classes["soft"]}>{categoryOf(category)}</span>
        <span className={classes["soft"]}>{language === null ? null : languageName(language)}</span>
        <Ago time={updated_at} />
      </Link>
    </li>
  );
}

/** What Meta does not have yet. */
export function DraftRow({ draft }: { draft: Draft }) {
  const { id, name, language, category, state, faults, refusal, components, edits, updated_at } = draft;
  const { body } = readSheet({ components });
  const wrong = faults.filter(({ level }) => level === "error").length;
  return (
    <li>
      <Link to="/templates/drafts/$draft_id" params={{ draft_id: id }} className={classes["row"]}>
        <span className={classes["what"]}>
          <b title={name}>{name || LIST.draft}</b>
          <span dir="auto">{edits === null ? body : LIST.edit_of}</span>
        </span>
        <span className={classes["tags"]}>
          {state !== "draft" ? (
            <Tag tone="warn">{LIST[state]}</Tag>
          ) : refusal ? (
            <Tag tone="bad">{LIST.refused}</Tag>
          ) : (
            <Tag tone="quiet">{wrong > 0 ? LIST.faults(wrong) : LIST.draft}</Tag>
          )}
        </span>
        <span className={classes["soft"]}>{categoryOf(category)}</span>
        <span className={classes["soft"]}>{languageName(language)}</span>
        <Ago time={updated_at} />
      </Link>
    </li>
  );
}
