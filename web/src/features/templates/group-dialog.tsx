import { ActionIcon, Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { templatesQuery } from "../../lib/server/queries.ts";
import { toast } from "../../lib/page/toast.ts";
import { chevron } from "../../ui/filter-bar.tsx";
import classes from "./editor.module.css";
import { countsQuery, type Group } from "./queries.ts";
import { GROUPS } from "./texts.ts";

type Member = Pick<Group["members"][number], "language" | "template_name">;

/** Makes or changes a group: a template for each language, and which of them is the fallback. */
export function GroupDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const { data: counts } = useQuery(countsQuery);
  const accounts = counts?.accounts ?? [];
  const [chosen_account, setAccount] = useState<string | null>(null);
  const waba_id = group?.waba_id ?? chosen_account ?? accounts[0]?.waba_id;
  const [name, setName] = useState(group?.name ?? "");
  const [members, setMembers] = useState<Member[]>(group?.members ?? []);
  const [chosen_fallback, setFallback] = useState(group?.fallback_language ?? "");
  const fallback_language = members.some(({ language }) => language === chosen_fallback)
    ? chosen_fallback
    : (members[0]?.language ?? "");
  const save = useSave(group, { name, fallback_language, members, waba_id }, onClose);
  return (
    <Modal opened onClose={onClose} title={group ? GROUPS.edit(group.name) : GROUPS.create} size={560}>
      <form
        className={classes["column"]}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          data-autofocus
          label={GROUPS.name}
          maxLength={100}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        {group === null && accounts.length > 1 && (
          <NativeSelect
            label={GROUPS.account}
            rightSection={chevron}
            data={accounts.map((each) => ({ value: each.waba_id, label: each.name ?? each.waba_id }))}
            value={waba_id ?? ""}
            onChange={({ currentTarget: { value } }) => {
              setAccount(value);
              setMembers([]);
            }}
          />
        )}
        <Members waba_id={waba_id} members={members} onChange={setMembers} />
        {members.length > 0 && (
          <NativeSelect
            label={GROUPS.fallback}
            description={GROUPS.fallback_hint}
            rightSection={chevron}
            data={members.map(({ language }) => ({ value: language, label: languageName(language) }))}
            value={fallback_language}
            onChange={({ currentTarget: { value } }) => setFallback(value)}
          />
        )}
        <div className={classes["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {GROUPS.cancel}
          </Button>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={name.trim() === "" || members.length === 0}
          >
            {GROUPS.save}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The templates of the group, and one more from a list. */
function Members({
  waba_id,
  members,
  onChange,
}: {
  waba_id: string | undefined;
  members: Member[];
  onChange: (members: Member[]) => void;
}) {
  const { data: templates } = useQuery(templatesQuery);
  const languages = new Set(members.map(({ language }) => language));
  const offered = (templates?.data ?? []).filter(
    (each) =>
      each.waba_id === waba_id &&
      each.name !== null &&
      each.language !== null &&
      each.status !== "DELETED" &&
      !languages.has(each.language),
  );
  return (
    <>
      {members.map((member) => (
        <div key={member.language} className={classes["itemHead"]}>
          <span>
            {languageName(member.language)} · {member.template_name}
          </span>
          <ActionIcon
            variant="default"
            aria-label={GROUPS.remove(member.template_name, languageName(member.language))}
            onClick={() => onChange(members.filter((each) => each !== member))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <NativeSelect
        label={GROUPS.add}
        description={GROUPS.templates_hint}
        rightSection={chevron}
        data={[
          { value: "", label: "" },
          ...offered.map((each) => ({
            value: each.id,
            label: `${each.name} · ${languageName(each.language!)}`,
          })),
        ]}
        value=""
        onChange={({ currentTarget: { value } }) => {
          const added = offered.find((each) => each.id === value);
          if (added) onChange([...members, { language: added.language!, template_name: added.name! }]);
        }}
      />
    </>
  );
}

function useSave(
  group: Group | null,
  written: { name: string; fallback_language: string; members: Member[]; waba_id: string | undefined },
  onSaved: () => void,
) {
  const client = useQueryClient();
  const { name, fallback_language, waba_id } = written;
  return useAction({
    mutationFn: () => {
      const members = written.members.map(({ language, template_name }) => ({ language, template_name }));
      const body = { name, fallback_language, members };
      return group
        ? call("PATCH /api/v1/template_groups/:id", { params: { id: group.id }, body })
        : call("POST /api/v1/template_groups", { body: { ...body, waba_id } });
    },
    onSuccess: () => {
      toast("good", GROUPS.saved, GROUPS.saved_text(name));
      onSaved();
    },
    onError: (error) => toast("bad", GROUPS.not_saved, wordsOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["template-groups"] }),
  });
}
