import { Skeleton } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { wordsOf } from "../../lib/server/api.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import {
  AccessCard,
  FaultsCard,
  LimitsCard,
  LineCard,
  LogCard,
  PeopleCard,
  TemplatesCard,
} from "./cards/cards.ts";
import { Head } from "./parts/parts.ts";
import { MessagesCard, NextCard } from "./outcomes/outcomes.ts";
import { ScenariosCard } from "./scenarios/scenarios.ts";
import classes from "./simulator-page.module.css";
import { texts } from "./texts.ts";
import { isAway, useSimulator } from "./model/model.ts";

/** Drives the Meta in a box: outcomes of messages, faults, and the clock. */
export function SimulatorPage() {
  useTitle(texts.title);
  const { simulator, error } = useSimulator();
  if (!simulator && error && !isAway(error)) return <Failure error={error} />;
  return (
    <Page title={texts.title} lead={texts.lead}>
      {error && simulator && (
        <p className={classes["away"]} role="status">
          <IconPlugConnectedX size={18} aria-hidden />
          {isAway(error) ? texts.restarting : wordsOf(error)}
        </p>
      )}
      {error && !simulator && (
        <Empty icon={<IconPlugConnectedX size={28} stroke={1.6} />} title={texts.starting.title}>
          {texts.starting.advice}
        </Empty>
      )}
      {!simulator && !error && <PageSkeleton />}
      {simulator && (
        <>
          <nav className={classes["jump"]} aria-label={texts.jump}>
            {/* In one column the page is long. */}
            {Object.entries(texts.parts).map(([id, label]) => (
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
    <div role="status" aria-busy aria-label={texts.loading}>
      <Skeleton h={138} radius={16} mb={16} />
      <div className={classes["columns"]}>
        <Skeleton h={620} radius={16} />
        <Skeleton h={620} radius={16} />
      </div>
    </div>
  );
}
