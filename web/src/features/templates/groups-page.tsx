import { Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconLanguage, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { languageName } from "../../../../src/template-rules/template-rules.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { useTitle } from "../../lib/page/title.ts";
import { toast } from "../../lib/page/toast.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, Older } from "../../ui/page-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { GroupDialog } from "./group-dialog.tsx";
import { type Group, groupsQuery } from "./queries.ts";
import { StatusTag } from "../../conversation/template/status-tag.tsx";
import { TemplateTabs } from "./tabs.tsx";
import classes from "./templates.module.css";
import { GROUPS, OLDER, TABS } from "./texts.ts";

/** Messages in several languages. */
export function GroupsPage() {
  useTitle(TABS.groups);
  const client = useQueryClient();
  const query = useInfiniteQuery(groupsQuery);
  const [edited, setEdited] = useState<Group | "new" | null>(null);
  const [asked, setAsked] = useState<Group | null>(null);
  const groups = query.data?.pages.flatMap((page) => page.data) ?? [];
  const create = (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setEdited("new")}>
      {GROUPS.create}
    </Button>
  );
  const remove = useAction({
    mutationFn: (id: string) => call("DELETE /api/v1/template_groups/:id", { params: { id } }),
    onSuccess: () => toast("good", GROUPS.deleted, GROUPS.deleted_text),
    onError: (error) => toast("bad", GROUPS.not_deleted, wordsOf(error)),
    onSettled: async () => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ["template-groups"] });
    },
  });
  return (
    <Page
      above={<TemplateTabs at="/templates/groups" />}
      title={TABS.groups}
      lead={GROUPS.lead}
      action={create}
    >
      {query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : groups.length === 0 && !query.isPending ? (
        <Card>
          <Empty icon={<IconLanguage size={26} stroke={1.6} />} title={GROUPS.empty}>
            {GROUPS.empty_text}
          </Empty>
        </Card>
      ) : (
        <div className={classes["column"]}>
          {groups.map((group) => (
            <GroupCard
              key={group.id}
              group={group}
              onEdit={() => setEdited(group)}
              onDelete={() => setAsked(group)}
            />
          ))}
          <Older query={query}>{OLDER}</Older>
        </div>
      )}
      {edited !== null && (
        <GroupDialog group={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      <Confirm
        opened={asked !== null}
        title={GROUPS.ask(asked?.name ?? "")}
        yes={GROUPS.delete}
        danger
        loading={remove.isPending}
        onYes={() => asked && remove.mutate(asked.id)}
        onClose={() => setAsked(null)}
      >
        <p>{GROUPS.ask_text}</p>
      </Confirm>
    </Page>
  );
}

function GroupCard({ group, onEdit, onDelete }: { group: Group; onEdit: () => void; onDelete: () => void }) {
  return (
    <Card className={classes["block"]} aria-label={group.name}>
      <div className={classes["groupHead"]}>
        <h2 dir="auto">{group.name}</h2>
        <div className={classes["actions"]}>
          <Button size="xs" variant="default" onClick={onEdit}>
            {GROUPS.edit_button}
          </Button>
          <Button size="xs" variant="outline" color="red" onClick={onDelete}>
            {GROUPS.delete}
          </Button>
        </div>
      </div>
      <ul className={classes["plain"]}>
        {group.members.map(({ language, template_name, template_id, status }) => (
          <li key={language} className={classes["tags"]}>
            <span>{languageName(language)}</span>
            {template_id === null ? (
              <span>{template_name}</span>
            ) : (
              <Link to="/templates/$template_id" params={{ template_id }}>
                {template_name}
              </Link>
            )}
            {status === null ? <Tag tone="bad">{GROUPS.missing}</Tag> : <StatusTag status={status} />}
            {language === group.fallback_language && <small>{GROUPS.is_fallback}</small>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
