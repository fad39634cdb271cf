import { ActionIcon, Button, Menu, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconAdjustmentsHorizontal,
  IconArrowLeft,
  IconCircleCheck,
  IconCopy,
  IconDots,
  IconDownload,
  IconFlask,
  IconAlertTriangle,
  IconPlayerPause,
  IconTrash,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { wordsOf } from "../../../lib/server/api.ts";
import { meQuery } from "../../../lib/server/queries.ts";
import type { SaverState } from "../../../lib/server/saver.ts";
import { EDITOR } from "../flow-texts.ts";
import { type Automation, exported, type FlowCheck } from "../model/model.ts";
import { ActivateDialog, DeactivateDialog, StateTag } from "../parts/parts.ts";
import { TEST } from "../test-texts.ts";
import { DELETE, DUPLICATE, LIST, TURN } from "../texts.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import classes from "./editor.module.css";
import type { useDraft } from "./use-draft.ts";
import { useDuplicate } from "./use-duplicate.ts";

export type Tab = keyof typeof EDITOR.tabs;
export type View = keyof typeof EDITOR.views;
type Draft = ReturnType<typeof useDraft>;

/** Its name, how it stands, what is to see of it, and what one can do with it. */
export function Bar({
  automation,
  draft,
  tab,
  view,
  setView,
  openPanel,
}: {
  automation: Automation;
  draft: Draft;
  tab: Tab;
  view: View;
  setView: (view: View) => void;
  openPanel: (panel: "settings" | "checks" | "test") => void;
}) {
  return (
    <header className={classes["bar"]}>
      <div className={classes["names"]}>
        <Link to="/automations" className={classes["back"]} aria-label={LIST.back} title={LIST.back}>
          <IconArrowLeft size={18} aria-hidden />
        </Link>
        <h1 className={classes["unseen"]}>{draft.name}</h1>
        <input
          className={classes["name"]}
          dir="auto"
          aria-label={EDITOR.name}
          maxLength={100}
          value={draft.name}
          onChange={({ currentTarget: { value } }) => draft.rename(value)}
        />
        <StateTag state={automation.state} />
        <Saved state={draft.state} retry={() => void draft.flush().catch(() => {})} />
      </div>
      <nav aria-label={EDITOR.tabs_label} className={classes["tabs"]}>
        {(Object.keys(EDITOR.tabs) as Tab[]).map((each) => (
          <Link
            key={each}
            from="/automations/$automation_id"
            search={{ tab: each === "flow" ? undefined : each }}
            activeOptions={{ explicitUndefined: true }}
            aria-current={each === tab ? "page" : undefined}
          >
            {EDITOR.tabs[each]}
          </Link>
        ))}
      </nav>
      <div className={classes["acts"]}>
        {tab === "flow" && (
          <>
            <SegmentedControl
              size="xs"
              aria-label={EDITOR.views_label}
              data={(Object.keys(EDITOR.views) as View[]).map((value) => ({
                value,
                label: EDITOR.views[value],
              }))}
              value={view}
              onChange={setView}
            />
            <Checks checks={automation.checks} open={() => openPanel("checks")} />
            <Button
              variant="default"
              size="xs"
              leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
              onClick={() => openPanel("settings")}
            >
              {EDITOR.settings}
            </Button>
          </>
        )}
        {tab === "flow" && <TestButton draft={draft} open={() => openPanel("test")} />}
        <Turn automation={automation} draft={draft} />
        <More automation={automation} draft={draft} />
      </div>
    </header>
  );
}

function Saved({ state, retry }: { state: SaverState<object>; retry: () => void }) {
  if (state.error && state.dirty && !state.saving)
    return (
      <span role="alert" className={classes["saved"]} data-bad title={wordsOf(state.error)}>
        {EDITOR.not_saved}{" "}
        <Button size="compact-xs" variant="default" onClick={retry}>
          {EDITOR.save_again}
        </Button>
      </span>
    );
  const is_open = state.saving || state.dirty;
  return (
    <span role="status" className={classes["saved"]}>
      {is_open ? EDITOR.saving : state.saved_at === null ? EDITOR.draft : EDITOR.saved}
    </span>
  );
}

function Checks({ checks, open }: { checks: readonly FlowCheck[]; open: () => void }) {
  const errors = checks.filter(({ level }) => level === "error").length;
  const words = EDITOR.checks(errors, checks.length - errors);
  return (
    <Button
      variant="default"
      size="xs"
      data-errors={errors > 0 || undefined}
      className={classes["checks"] ?? ""}
      leftSection={
        errors > 0 ? <IconAlertTriangle size={16} aria-hidden /> : <IconCircleCheck size={16} aria-hidden />
      }
      aria-label={`${EDITOR.checks_label}: ${words}`}
      onClick={open}
    >
      {words}
    </Button>
  );
}

/** In the sandbox: a test takes the draft as it is saved. */
function TestButton({ draft, open }: { draft: Draft; open: () => void }) {
  const { data: me } = useQuery(meQuery);
  if (me?.mode !== "sandbox") return null;
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconFlask size={16} aria-hidden />}
      disabled={draft.theirs !== null}
      onClick={() => void draft.flush().then(open, () => {})}
    >
      {TEST.button}
    </Button>
  );
}

/** Activates what is drawn, once it is saved. */
function Turn({
  automation: { id, state, changed, version },
  draft,
}: {
  automation: Automation;
  draft: Draft;
}) {
  const [asking, setAsking] = useState(false);
  const is_active = state === "ACTIVE";
  const differs = changed || draft.state.dirty;
  if (is_active && !differs) return null;
  return (
    <>
      <Button
        size="xs"
        disabled={draft.theirs !== null}
        onClick={() =>
          void draft.flush().then(
            () => setAsking(true),
            () => {},
          )
        }
      >
        {is_active && version !== null ? EDITOR.activate_changes : TURN.on}
      </Button>
      {asking && <ActivateDialog id={id} onClose={() => setAsking(false)} />}
    </>
  );
}

function More({ automation, draft }: { automation: Automation; draft: Draft }) {
  const [asked, ask] = useState<"off" | "delete" | null>(null);
  const duplicate = useDuplicate(automation.id);
  const item = (icon: ReactNode, words: string, onClick: () => void) => (
    <Menu.Item leftSection={icon} onClick={onClick}>
      {words}
    </Menu.Item>
  );
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={EDITOR.more}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {automation.state === "ACTIVE" &&
            item(<IconPlayerPause size={16} aria-hidden />, TURN.off, () => ask("off"))}
          {item(<IconCopy size={16} aria-hidden />, DUPLICATE.button, () => {
            void draft.flush().then(
              () => duplicate.mutate(),
              () => {},
            );
          })}
          {item(<IconDownload size={16} aria-hidden />, EDITOR.export, () => save(draft))}
          {item(<IconTrash size={16} aria-hidden />, DELETE.button, () => ask("delete"))}
        </Menu.Dropdown>
      </Menu>
      {asked === "off" && (
        <DeactivateDialog id={automation.id} inside={automation.counts.active} onClose={() => ask(null)} />
      )}
      {asked === "delete" && <DeleteDialog automation={automation} onClose={() => ask(null)} />}
    </>
  );
}

function save({ name, flow }: Draft): void {
  const url = URL.createObjectURL(new Blob([exported({ name, flow })], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name.trim().replace(/[^\p{L}\p{N}]+/gu, "-") || "automation"}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
