import { Skeleton } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { wordsOf } from "../../lib/api.ts";
import { useTitle } from "../../lib/title.ts";
import { Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { AccessCard } from "./access-card.tsx";
import { FaultsCard } from "./faults-card.tsx";
import { Head } from "./head.tsx";
import { LimitsCard, LineCard } from "./line-card.tsx";
import { LogCard } from "./log-card.tsx";
import { MessagesCard } from "./messages-card.tsx";
import { NextCard } from "./next-card.tsx";
import { PeopleCard } from "./people-card.tsx";
import { ScenariosCard } from "./scenarios-card.tsx";
import classes from "./simulator-page.module.css";
import { TemplatesCard } from "./templates-card.tsx";
import { isAway, useSimulator } from "./use-simulator.ts";

/** In one column the page is long. */
const PARTS = [
  ["messages", "Messages"],
  ["next", "Next messages"],
  ["templates", "Templates"],
  ["scenarios", "Scenarios"],
  ["faults", "Go wrong"],
  ["line", "How webhooks leave"],
  ["limits", "Limits"],
  ["people", "People"],
  ["access", "Your program"],
  ["log", "Posted"],
] as const;

/** Drives the Meta in a box: what becomes of messages, what goes wrong, and how fast. */
export function SimulatorPage() {
  useTitle("Simulator");
  const { simulator, error } = useSimulator();
  if (!simulator && error && !isAway(error)) return <Failure error={error} />;
  return (
    <Page
      title="Simulator"
      lead="It plays Meta for this sandbox: it takes what Wharf sends, tells what became of it, and posts what customers write. Here you decide how."
    >
      {error && simulator && (
        <p className={classes["away"]} role="status">
          <IconPlugConnectedX size={18} aria-hidden />
          {isAway(error)
            ? "The simulator is starting again. In a moment this page goes on by itself, with a Meta as it usually is."
            : wordsOf(error)}
        </p>
      )}
      {error && !simulator && (
        <Empty icon={<IconPlugConnectedX size={28} stroke={1.6} />} title="The simulator is starting">
          In a moment this page goes on by itself.
        </Empty>
      )}
      {!simulator && !error && <PageSkeleton />}
      {simulator && (
        <>
          <nav className={classes["jump"]} aria-label="On this page">
            {PARTS.map(([id, label]) => (
              <a key={id} href={`#${id}`}>
                {label}
              </a>
            ))}
          </nav>
          <Head simulator={simulator} />
          <div className={classes["columns"]}>
            <div>
              <MessagesCard simulator={simulator} />
              <NextCard simulator={simulator} />
              <TemplatesCard simulator={simulator} />
            </div>
            <div>
              <ScenariosCard simulator={simulator} />
              <FaultsCard simulator={simulator} />
              <LineCard simulator={simulator} />
              <LimitsCard simulator={simulator} />
              <PeopleCard simulator={simulator} />
            </div>
          </div>
          <div className={classes["wide"]}>
            <AccessCard access={simulator.state.access} />
          </div>
          <LogCard posted={simulator.state.posted} />
        </>
      )}
    </Page>
  );
}

function PageSkeleton() {
  return (
    <div aria-busy aria-label="Loading the simulator">
      <Skeleton h={138} radius={16} mb={16} />
      <div className={classes["columns"]}>
        <Skeleton h={620} radius={16} />
        <Skeleton h={620} radius={16} />
      </div>
    </div>
  );
}
