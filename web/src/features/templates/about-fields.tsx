import { Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LANGUAGES } from "../../../../src/template-rules/template-rules.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import { Card } from "../../ui/page.tsx";
import classes from "./editor.module.css";
import { type Form, forCategory, layoutOf, type Layout, type Say, withLayout } from "./editor-model.ts";
import { countsQuery } from "./queries.ts";
import { CATEGORIES, CATEGORY_HINTS, EDITOR } from "./texts.ts";

interface Fields {
  form: Form;
  say: Say;
  put: (form: Form) => void;
  /** It changes a template that there is: its name and language stay. */
  edits_status: string | null;
}

/** Its name, language and category, and how it is laid out. */
/** What is said of fields that stand beside each other stands below them, so that they are in line. */
const BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

export function AboutFields({ form, say, put, edits_status }: Fields) {
  const { data: counts } = useQuery(countsQuery);
  const accounts = counts?.accounts ?? [];
  const is_edit = edits_status !== null;
  return (
    <Card className={classes["block"]}>
      <h2>{EDITOR.about}</h2>
      <TextInput
        label={EDITOR.name}
        description={is_edit ? EDITOR.fixed : EDITOR.name_hint}
        value={form.name}
        disabled={is_edit}
        error={say("name")}
        maxLength={600}
        onChange={({ currentTarget: { value } }) =>
          put({ ...form, name: value.toLowerCase().replaceAll(/[\s-]+/g, "_") })
        }
      />
      <div className={classes["pair"]}>
        <NativeSelect
          label={EDITOR.category}
          inputWrapperOrder={BELOW}
          rightSection={chevron}
          data={Object.entries(CATEGORIES).map(([value, label]) => ({ value, label }))}
          description={edits_status === "APPROVED" ? EDITOR.category_fixed : CATEGORY_HINTS[form.category]}
          disabled={edits_status === "APPROVED"}
          value={form.category}
          error={say("category")}
          onChange={({ currentTarget: { value } }) =>
            put({
              ...form,
              category: value,
              components: forCategory(form.components, form.category, value),
            })
          }
        />
        <NativeSelect
          label={EDITOR.language}
          inputWrapperOrder={BELOW}
          rightSection={chevron}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          description={form.language}
          disabled={is_edit}
          value={form.language}
          error={say("language")}
          onChange={({ currentTarget: { value } }) => put({ ...form, language: value })}
        />
        {accounts.length > 1 && (
          <NativeSelect
            label={EDITOR.account}
            rightSection={chevron}
            data={accounts.map(({ waba_id, name }) => ({ value: waba_id, label: name ?? waba_id }))}
            disabled={is_edit}
            value={form.waba_id ?? accounts[0]!.waba_id}
            onChange={({ currentTarget: { value } }) => put({ ...form, waba_id: value })}
          />
        )}
        {form.category !== "AUTHENTICATION" && (
          <NativeSelect
            label={EDITOR.layout}
            rightSection={chevron}
            data={Object.entries(EDITOR.layouts).map(([value, label]) => ({ value, label }))}
            value={layoutOf(form.components)}
            onChange={({ currentTarget: { value } }) =>
              put({ ...form, components: withLayout(form.components, value as Layout) })
            }
          />
        )}
      </div>
    </Card>
  );
}

/** What few change. */
export function MoreFields({ form, say, put, edits_status }: Fields) {
  return (
    <Card className={classes["block"]}>
      <h2>{EDITOR.more}</h2>
      {edits_status !== "APPROVED" && (
        <Checkbox
          label={EDITOR.allow_change}
          checked={form.allow_category_change}
          onChange={({ currentTarget: { checked } }) => put({ ...form, allow_category_change: checked })}
        />
      )}
      <NumberInput
        label={EDITOR.ttl}
        description={EDITOR.ttl_hint}
        w={320}
        maw="100%"
        min={0}
        allowDecimal={false}
        hideControls
        value={form.message_send_ttl_seconds ?? ""}
        error={say("message_send_ttl_seconds")}
        onChange={(value) => put({ ...form, message_send_ttl_seconds: value === "" ? null : Number(value) })}
      />
    </Card>
  );
}
