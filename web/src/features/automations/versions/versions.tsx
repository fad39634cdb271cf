import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconArrowBackUp, IconVersions } from "@tabler/icons-react";
import { useState } from "react";
import { toast } from "../../../lib/page/toast.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Empty, Failure, Older } from "../../../ui/page-state.tsx";
import { Tag } from "../../../ui/tag.tsx";
import {
  type Automation,
  type AutomationVersion,
  differenceOf,
  type Flow,
  type Names,
  versionsQuery,
} from "../model/model.ts";
import { VERSIONS } from "../version-texts.ts";
import { DifferenceList } from "./difference-list.tsx";
import classes from "./versions.module.css";

export { DifferenceList } from "./difference-list.tsx";

/**
 * Everything that was activated, and what each changed.
 *
 * Long: a row a version, with what is opened of it.
 */
export function Versions({
  automation,
  draft,
  names,
  restore,
}: {
  automation: Automation;
  draft: Flow;
  names: Names;
  restore: (flow: Flow) => void;
}) {
  const query = useInfiniteQuery(versionsQuery(automation.id));
  const versions = query.data?.pages.flatMap((page) => page.data) ?? [];
  const [chosen, choose] = useState<number | null>(null);
  if (query.isPending)
    return (
      <div className={classes["page"]} role="status" aria-label={VERSIONS.loading}>
        <Skeleton h={240} radius={16} />
      </div>
    );
  if (query.isError && versions.length === 0)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (versions.length === 0)
    return (
      <Empty icon={<IconVersions size={26} stroke={1.6} />} title={VERSIONS.none}>
        {VERSIONS.none_text}
      </Empty>
    );
  const at = versions.findIndex(({ version }) => version === chosen);
  const is_draft = at < 0;
  const after = versions[at]?.flow ?? draft;
  const before = versions[at + 1];
  const name = is_draft ? VERSIONS.draft : VERSIONS.version(versions[at]!.version);
  return (
    <div className={classes["page"]}>
      <div className={classes["columns"]}>
        <nav aria-label={VERSIONS.list} className={classes["versions"]}>
          <button type="button" aria-current={is_draft || undefined} onClick={() => choose(null)}>
            <b>{VERSIONS.draft}</b>
            <small>{VERSIONS.draft_text}</small>
          </button>
          {versions.map((version) => (
            <VersionButton
              key={version.version}
              version={version}
              current={version.version === chosen}
              onChoose={() => choose(version.version)}
            />
          ))}
          <Older query={query} size="xs">
            {VERSIONS.more}
          </Older>
        </nav>
        <section className={classes["compared"]} aria-label={VERSIONS.compare(name)}>
          <div className={classes["head"]}>
            <div>
              <h2>{VERSIONS.compare(name)}</h2>
              <p className={classes["hint"]}>
                {before ? VERSIONS.against(VERSIONS.version(before.version)) : VERSIONS.first}
              </p>
            </div>
            {!is_draft && (
              <Button
                variant="default"
                size="xs"
                leftSection={<IconArrowBackUp size={16} aria-hidden />}
                onClick={() => {
                  restore(after);
                  toast("good", VERSIONS.restored, VERSIONS.restored_text);
                }}
              >
                {VERSIONS.restore}
              </Button>
            )}
          </div>
          {before && (
            <DifferenceList
              difference={differenceOf(before.flow, after)}
              before={before.flow}
              after={after}
              names={names}
            />
          )}
        </section>
      </div>
    </div>
  );
}

function VersionButton({
  version: { version, active, people, user, created_at },
  current,
  onChoose,
}: {
  version: AutomationVersion;
  current: boolean;
  onChoose: () => void;
}) {
  return (
    <button type="button" aria-current={current || undefined} onClick={onChoose}>
      <span>
        <b>{VERSIONS.version(version)}</b>
        {active && <Tag tone="good">{VERSIONS.active}</Tag>}
      </span>
      <small>
        <Ago time={created_at} /> {user && <span dir="auto">{VERSIONS.by(user.name)}</span>}
      </small>
      <small>{people === 0 ? VERSIONS.no_one : VERSIONS.inside(people)}</small>
    </button>
  );
}
