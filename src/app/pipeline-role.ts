import { availableParallelism } from "node:os";
import { applyAccounts } from "../accounts/accounts.ts";
import { createApplyAudience, followJoins } from "../audience/audience.ts";
import { createAutomationApply } from "../automations/automations.ts";
import { createCampaignApply, foldCounts } from "../campaigns/campaigns.ts";
import { applyConsent } from "../consent/consent.ts";
import {
  applyInbox,
  createMessageRetention,
  createRejoin,
  createSearchFill,
  measureUnmatched,
  pruneUnmatched,
} from "../inbox/inbox.ts";
import { measureInstallation } from "../installation/installation.ts";
import { OWN_POOLS } from "../config.ts";
import { refreshStatistics } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { createPipeline, createSubjectFill } from "../pipeline/pipeline.ts";
import { createApply, forgetContents } from "../sending/sending.ts";
import { createApplyTemplates } from "../templates/templates.ts";
import { JOIN_FOLLOWERS } from "./join-followers.ts";
import {
  GAUGE_MS,
  HOUR_MS,
  MINUTE_MS,
  startChore,
  started,
  startPool,
  startSteps,
  type Parts,
} from "./parts.ts";
import { fanOutOf, openJournal } from "./shared-parts.ts";
import { TEMPLATE_USES } from "./template-uses.ts";

/** How often it is looked whether tables have grown beyond their statistics. */
const STATISTICS_MS = 1_000;

export async function startPipeline(parts: Parts): Promise<void> {
  const { config, db, clock, listener, log } = parts;
  const journal = await openJournal(parts);
  const fan_out = fanOutOf(parts);
  const pipeline = createPipeline({
    db,
    own_db: startPool(parts, { name: "pipeline", max: OWN_POOLS.pipeline, by_index: true, pipelined: true }),
    journal,
    apply: {
      inbox: applyInbox,
      templates: createApplyTemplates({ uses: TEMPLATE_USES }),
      accounts: applyAccounts,
      audience: createApplyAudience(JOIN_FOLLOWERS),
      sending: createApply({ clock }),
      campaigns: createCampaignApply({ clock }),
      consent: applyConsent,
      automations: createAutomationApply({ clock }),
    },
    delivery: {
      get fanOut() {
        return fan_out.to;
      },
    },
    // Two workers on two cores would leave none to intake.
    workers: availableParallelism() > 2 ? 2 : 1,
    log: log.child({ part: "pipeline" }),
    clock,
  });
  listener.on("journal", () => pipeline.wake());
  if (parts.duties.includes("intake")) journal.handTo(pipeline.handOff);
  started(parts, pipeline).start();
  const stale = "statistics of tables could not be renewed; it is tried again";
  startSteps(parts, { idle_ms: STATISTICS_MS, step: () => refreshStatistics(db), failed: stale });
  startChore(parts, HOUR_MS, () => journal.step());
  startChore(parts, HOUR_MS, () => pipeline.retain(config.retention_days));
  startChore(parts, GAUGE_MS, () => journal.measure());
  const search = createSearchFill({ db });
  const subjects = createSubjectFill({ db });
  const fills = [
    { of: "texts", step: () => search.step() },
    { of: "webhooks", step: () => subjects.step() },
  ];
  for (const { of, step } of fills) {
    const failed = `older ${of} could not be made ready for search; it is tried again`;
    startSteps(parts, { idle_ms: HOUR_MS, step, failed });
  }
  const rejoin = createRejoin({ db });
  startSteps(parts, {
    idle_ms: HOUR_MS,
    step: () => rejoin.step(),
    failed: "contacts of one number could not be joined; it is tried again",
  });
  // Of contacts that the answers of Meta join: a batch follows its own.
  startSteps(parts, {
    idle_ms: GAUGE_MS,
    step: () =>
      db.transaction(async (tx) => {
        const { count, changes } = await followJoins(tx, JOIN_FOLLOWERS);
        await publish(tx, changes);
        return count;
      }),
    failed: "what is kept of contacts that became one could not follow; it is tried again",
  });
  if (config.message_retention_days !== null) {
    const days = config.message_retention_days;
    const retention = createMessageRetention({ db, clock, days, alsoForget: forgetContents });
    const failed = "older messages could not be emptied; it is tried again";
    startSteps(parts, { idle_ms: HOUR_MS, step: () => retention.step(), failed });
  }
  const failed = "counts of campaigns could not be folded; it is tried again";
  startSteps(parts, { idle_ms: MINUTE_MS, step: () => foldCounts(db), failed });
  startChore(parts, GAUGE_MS, () => measureUnmatched(db));
  startChore(parts, GAUGE_MS, () => measureInstallation(db));
  startChore(parts, HOUR_MS, () => pruneUnmatched(db, config.retention_days));
}
