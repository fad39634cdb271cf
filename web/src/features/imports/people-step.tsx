import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { chevron } from "../../ui/filter-bar.tsx";
import { Card } from "../../ui/page.tsx";
import { Chosen } from "./chosen.tsx";
import { ConsentPart } from "./consent-part.tsx";
import classes from "./imports.module.css";
import type { Wanted } from "./draft-changes.ts";
import { type Import, listsQuery, tagsQuery } from "./queries.ts";
import { SavedText } from "./saved-text.tsx";
import { KINDS, RULES } from "./texts.ts";

/** Who these people are to the workspace: what happens to those who are known, their tags and lists, and their consent. */
export function PeopleStep({ imported, change }: { imported: Import; change: (wanted: Wanted) => void }) {
  const { kind, settings } = imported;
  const { data: tags } = useQuery(tagsQuery);
  const { data: lists } = useQuery(listsQuery);
  return (
    <>
      <Card className={classes["block"]}>
        <div className={classes["fields"]}>
          <NativeSelect
            label={RULES.kind}
            description={RULES.kind_hints[kind]}
            inputWrapperOrder={["label", "input", "description"]}
            rightSection={chevron}
            // A campaign chooses its file on its own page; one that has done so says it here.
            data={(
              ["contacts", "blacklist", ...(kind === "campaign" ? (["campaign"] as const) : [])] as const
            ).map((value) => ({ value, label: KINDS[value] }))}
            value={kind}
            onChange={({ currentTarget: { value } }) => change({ kind: value as Import["kind"] })}
          />
          <NativeSelect
            label={RULES.policy}
            description={RULES.policy_hints[settings.policy]}
            inputWrapperOrder={["label", "input", "description"]}
            rightSection={chevron}
            data={Object.entries(RULES.policies).map(([value, label]) => ({ value, label }))}
            value={settings.policy}
            onChange={({ currentTarget: { value } }) =>
              change({ policy: value as Import["settings"]["policy"] })
            }
          />
        </div>
      </Card>
      {kind !== "blacklist" && <ConsentPart imported={imported} change={change} />}
      <Card className={classes["block"]}>
        <div className={classes["fields"]}>
          <Chosen
            label={RULES.tags}
            add={RULES.add_tag}
            all={tags?.data ?? []}
            ids={settings.tag_ids}
            put={(next) => change((now) => ({ tag_ids: next(now.settings.tag_ids) }))}
          />
          <Chosen
            label={RULES.lists}
            add={RULES.add_list}
            all={lists?.data ?? []}
            ids={settings.list_ids}
            put={(next) => change((now) => ({ list_ids: next(now.settings.list_ids) }))}
          />
          <SavedText
            label={RULES.new_list}
            description={RULES.new_list_text}
            maxLength={100}
            saved={settings.new_list}
            save={(new_list) => change({ new_list })}
          />
        </div>
      </Card>
    </>
  );
}
