import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { inBrowser } from "../../../lib/page/kept.ts";
import { useTitle } from "../../../lib/page/title.ts";
import { Page } from "../../../ui/page.tsx";
import { Failure } from "../../../ui/page-state.tsx";
import { Activity, runFilterOf } from "../activity/activity.tsx";
import { EDITOR } from "../flow-texts.ts";
import {
  type Automation,
  automationQuery,
  figuresQuery,
  nodeCountsQuery,
  nodeOf,
  type NumberFilter,
  titleOf,
} from "../model/model.ts";
import { type Drawing, DrawingContext, focusPanel, useNames } from "../parts/parts.ts";
import { LIST, TITLE } from "../texts.ts";
import { Versions } from "../versions/versions.tsx";
import { Bar, type Tab, type View } from "./bar.tsx";
import { Conflict } from "./conflict.tsx";
import classes from "./editor.module.css";
import { FlowTab, type Shown } from "./flow-tab.tsx";
import { useDraft } from "./use-draft.ts";

const route = getRouteApi("/shell/automations/$automation_id");
const VIEW_KEY = "wharf.automation_view";

/** One automation: its flow, what people do in it, and its versions. */
export function AutomationPage() {
  const { automation_id } = route.useParams();
  const { data: automation, error, refetch } = useQuery(automationQuery(automation_id));
  useTitle(automation?.name, TITLE);
  if (automation) return <Opened key={automation.id} automation={automation} />;
  return (
    <Page title={TITLE}>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton h={420} radius={16} role="status" aria-label={LIST.loading} />
      )}
    </Page>
  );
}

function Opened({ automation }: { automation: Automation }) {
  const search = route.useSearch();
  const tab: Tab = search.tab === "activity" || search.tab === "versions" ? search.tab : "flow";
  const draft = useDraft(automation);
  const { drawing, shown, show } = useDrawn(automation, draft);
  const [view, setView] = useView();
  const { data: figures } = useQuery(figuresQuery(automation.id));
  const { stopped, held } = figures ?? automation;
  return (
    <DrawingContext value={drawing}>
      <div className={classes["page"]}>
        <Bar
          automation={automation}
          draft={draft}
          tab={tab}
          view={view}
          setView={setView}
          openPanel={(panel) => {
            show(panel);
            focusPanel();
          }}
        />
        <div>
          {draft.theirs && (
            <Conflict
              mine={draft.flow}
              theirs={draft.theirs}
              names={drawing.names}
              onReload={draft.takeTheirs}
              onOverwrite={draft.overwrite}
            />
          )}
          {held && (
            <div className={classes["banner"]} data-tone="bad" role="status">
              <b>{EDITOR.held(held.people)}</b>
              <p>{EDITOR.held_text}</p>
            </div>
          )}
          {stopped && (
            <div className={classes["banner"]} data-tone="bad" role="status">
              <b>{EDITOR.stopped(stopped.people)}</b>
              <p>{EDITOR.stopped_text}</p>
              <div>
                <Button
                  size="xs"
                  variant="default"
                  renderRoot={(props) => (
                    <Link
                      from="/automations/$automation_id"
                      search={{ tab: "activity", stopped: "true" }}
                      {...props}
                    />
                  )}
                >
                  {EDITOR.see_stopped}
                </Button>
              </div>
            </div>
          )}
        </div>
        {tab === "flow" ? (
          <FlowTab view={view} shown={shown} show={show} />
        ) : tab === "activity" ? (
          <Activity automation={automation} filter={runFilterOf(search)} open_run={search.run} />
        ) : (
          <Versions
            automation={automation}
            draft={draft.flow}
            names={drawing.names}
            restore={(flow) => draft.put(flow)}
          />
        )}
      </div>
    </DrawingContext>
  );
}

/** What the parts of the page know of the flow; which step is open stands in the address. */
function useDrawn(automation: Automation, draft: ReturnType<typeof useDraft>) {
  const { step, panel } = route.useSearch();
  const navigate = useNavigate({ from: "/automations/$automation_id" });
  const [people, setPeople] = useState<NumberFilter | null>(null);
  const names = useNames();
  const { data: counted } = useQuery({
    ...nodeCountsQuery(automation.id),
    enabled: automation.version !== null,
  });
  const counts = useMemo(() => new Map((counted?.data ?? []).map((each) => [each.node_id, each])), [counted]);
  const nameOf = useMemo(
    () => (id: string | null) => {
      const node = nodeOf(draft.flow, id);
      return node ? titleOf(node, names) : EDITOR.deleted_step;
    },
    [draft.flow, names],
  );
  const look = (next: { step?: string | undefined; panel?: string | undefined }) => {
    setPeople(null);
    void navigate({
      search: (now) => ({ ...now, step: undefined, panel: undefined, ...next }),
      replace: true,
    });
  };
  const shown: Shown =
    people ?? (panel === "settings" || panel === "checks" || panel === "test" ? panel : null);
  const show = (next: Shown) => {
    if (next !== null && typeof next === "object") return setPeople(next);
    if (people !== null && next === null) return setPeople(null);
    look({ panel: next ?? undefined });
  };
  const drawing: Drawing = {
    automation_id: automation.id,
    flow: draft.flow,
    put: draft.put,
    undo: draft.undo,
    redo: draft.redo,
    can_undo: draft.can_undo,
    can_redo: draft.can_redo,
    names,
    nameOf,
    checks: automation.checks,
    counts,
    opened: step ?? null,
    open: (id) => {
      if (id === null && step === undefined && panel === undefined && people === null) return;
      look({ step: id ?? undefined });
    },
    openPeople: (filter) => {
      show(filter);
      focusPanel();
    },
  };
  return { drawing, shown, show };
}

/** On a phone always the list; elsewhere as it was chosen last. */
function useView(): [View, (view: View) => void] {
  const [narrow] = useState(() => matchMedia("(max-width: 700px)").matches);
  const [chosen, choose] = useState<View | null>(null);
  const kept = inBrowser.read(VIEW_KEY) === "list" ? "list" : "canvas";
  return [
    chosen ?? (narrow ? "list" : kept),
    (view) => {
      choose(view);
      if (!narrow) inBrowser.write(VIEW_KEY, view);
    },
  ];
}
