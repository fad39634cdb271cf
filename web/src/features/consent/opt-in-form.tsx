import { Button, NativeSelect, Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { phoneNumbersQuery, templatesQuery } from "../../lib/server/queries.ts";
import { toast } from "../../lib/page/toast.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import { Checks } from "./check.tsx";
import classes from "./consent.module.css";
import { askingTemplates, buttonsOf } from "./asking-templates.ts";
import { type Settings, settingsQuery } from "./queries.ts";
import { Section } from "./section.tsx";
import { OPT_IN, SAVE, SAVED } from "./texts.ts";

type DoubleOptIn = NonNullable<Settings["double_opt_in"]>;
type Source = DoubleOptIn["sources"][number];
const SOURCES: readonly Source[] = ["API", "IMPORT", "AGENT"];

const keyOf = ({ name, language }: { name: string | null; language: string | null }) => `${name} ${language}`;

/** What is chosen, and what of it can be saved. */
function useOptIn(saved: Settings["double_opt_in"]) {
  const { data: numbers } = useQuery(phoneNumbersQuery);
  const { data: templates } = useQuery(templatesQuery);
  const [on, setOn] = useState(saved !== null);
  const [from, setFrom] = useState(saved?.from ?? null);
  const [key, setKey] = useState(saved ? `${saved.template_name} ${saved.template_language}` : "");
  const [button, setButton] = useState(saved?.button ?? null);
  const [sources, setSources] = useState<readonly Source[]>(saved?.sources ?? ["API", "IMPORT"]);
  const number = numbers?.data.find(({ id }) => id === from) ?? numbers?.data[0];
  const fit = askingTemplates(templates?.data ?? [], number?.waba_id ?? null);
  const template = fit.find((one) => keyOf(one) === key);
  const buttons = buttonsOf(template);
  const chooseTemplate = (value: string) => {
    setKey(value);
    setButton(buttonsOf(fit.find((one) => keyOf(one) === value))[0]?.place ?? null);
  };
  const wanted = (): DoubleOptIn | null => {
    if (!template?.name || !template.language || !number || sources.length === 0) return null;
    const { name: template_name, language: template_language } = template;
    const fits = buttons.some(({ place }) => place === button);
    return {
      from: number.id,
      template_name,
      template_language,
      button: fits ? button : null,
      sources: [...sources],
    };
  };
  return {
    on,
    setOn,
    numbers: numbers?.data ?? [],
    number,
    setFrom,
    fit,
    template,
    chooseTemplate,
    buttons,
    button,
    setButton,
    sources,
    setSources,
    wanted,
  };
}

/** Whether people who are added are asked first, by which template, and from which number. */
export function OptInForm({ settings, owner }: { settings: Settings; owner: boolean }) {
  const client = useQueryClient();
  const choice = useOptIn(settings.double_opt_in);
  const save = useAction({
    mutationFn: (double_opt_in: DoubleOptIn | null) =>
      call("PATCH /api/v1/consent/settings", { body: { double_opt_in } }),
    onSuccess: (changed) => {
      client.setQueryData(settingsQuery.queryKey, changed);
      toast("good", SAVED, OPT_IN.saved_text);
    },
    onError: (error) => toast("bad", OPT_IN.not_saved, wordsOf(error)),
  });
  const wanted = choice.on ? choice.wanted() : null;
  const ready = !choice.on || wanted !== null;
  return (
    <Section id="double-opt-in" title={OPT_IN.title} lead={OPT_IN.lead}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) save.mutate(wanted);
        }}
      >
        <Switch
          label={OPT_IN.on}
          checked={choice.on}
          disabled={!owner}
          onChange={({ currentTarget }) => choice.setOn(currentTarget.checked)}
        />
        {choice.on && <Asking choice={choice} disabled={!owner} />}
        {owner && (
          <Button type="submit" disabled={!ready} loading={save.isPending}>
            {SAVE}
          </Button>
        )}
      </form>
    </Section>
  );
}

function Asking({ choice, disabled }: { choice: ReturnType<typeof useOptIn>; disabled: boolean }) {
  const { numbers, number, fit, template, buttons, button } = choice;
  return (
    <>
      <NativeSelect
        label={OPT_IN.number}
        rightSection={chevron}
        disabled={disabled}
        data={numbers.map((one) => ({
          value: one.id,
          label: one.display_phone_number ?? one.phone_number_id,
        }))}
        value={number?.id ?? ""}
        onChange={({ currentTarget: { value } }) => choice.setFrom(value)}
      />
      <NativeSelect
        label={OPT_IN.template}
        description={fit.length === 0 ? OPT_IN.none : OPT_IN.template_hint}
        rightSection={chevron}
        disabled={disabled}
        data={[
          { value: "", label: OPT_IN.no_template },
          ...fit.map((one) => ({ value: keyOf(one), label: `${one.name} (${one.language})` })),
        ]}
        value={template ? keyOf(template) : ""}
        onChange={({ currentTarget: { value } }) => choice.chooseTemplate(value)}
      />
      {buttons.length > 0 && (
        <NativeSelect
          label={OPT_IN.button}
          rightSection={chevron}
          disabled={disabled}
          data={[
            { value: "", label: OPT_IN.no_button },
            ...buttons.map(({ place, text }) => ({ value: String(place), label: text })),
          ]}
          value={button === null ? "" : String(button)}
          onChange={({ currentTarget: { value } }) => choice.setButton(value === "" ? null : Number(value))}
        />
      )}
      <Checks
        legend={OPT_IN.sources}
        options={SOURCES.map((value) => ({ value, label: OPT_IN.source_names[value] }))}
        values={choice.sources}
        disabled={disabled}
        put={choice.setSources}
      />
    </>
  );
}
