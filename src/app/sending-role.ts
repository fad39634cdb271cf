import { createAutomationEngine, createHappened, lookByClock, tellKept } from "../automations/automations.ts";
import { createEngine, createTemplateFollow } from "../campaigns/campaigns.ts";
import { startLoop } from "../base/base.ts";
import { OWN_POOLS } from "../config.ts";
import { createConsentMessages } from "../consent/consent.ts";
import { changesOf } from "../inbox/inbox.ts";
import { createFetcher, createFilesOfSends, createMediaRetention } from "../media/media.ts";
import { createSending, queueMany } from "../sending/sending.ts";
import { createTemplateSync } from "../templates/templates.ts";
import { startImports } from "./imports-part.ts";
import { connectionsOf, graphsOf } from "./connections-part.ts";
import { createListen } from "./follow-messages.ts";
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
import { createMailer } from "../notices/notices.ts";
import { openMail } from "./mail.ts";
import { watch } from "./watch.ts";
import { filesOf } from "./shared-parts.ts";
import { TEMPLATE_USES } from "./template-uses.ts";

/** How often automations are looked for that the clock starts. */
const LOOK_MS = 1_000;

/** The sender, and beside it what else asks Meta. Not with the pipeline: that must not wait for Meta's answers. */
export function startSending(parts: Parts): void {
  const { config, db, clock, listener, log } = parts;
  const store = filesOf(parts);
  const graphs = graphsOf(parts);
  const sending = createSending({
    db,
    own_db: startPool(parts, { name: "sending", max: OWN_POOLS.sending, by_index: true }),
    graphs,
    log: log.child({ part: "sending" }),
    clock,
    media: createFilesOfSends({ db, store, clock }),
    listen: createListen({ clock }),
  });
  listener.on("sends", () => sending.wake());
  started(parts, sending).start();

  const engine = createEngine({
    db,
    clock,
    log: log.child({ part: "campaigns" }),
    public_url: config.public_url,
  });
  listener.on("campaigns", () => engine.wake());
  started(parts, engine).start();
  startAutomations(parts);
  const messages = createConsentMessages({ db, queue: queueMany });
  const asking = startLoop(() => messages.step(), {
    idle_ms: GAUGE_MS,
    onError: (err) => log.error({ err }, "questions and answers about consent wait; they are tried again"),
  });
  listener.on("consent", () => asking.wake());
  started(parts, asking);

  const fetcher = createFetcher({ db, store, graphs, changesOf, clock, log: log.child({ part: "media" }) });
  listener.on("media", () => fetcher.wake());
  started(parts, fetcher).start();
  if (config.media_retention_days !== null) {
    const retention = createMediaRetention({ db, store, clock, days: config.media_retention_days });
    const failed = "older files could not be removed; it is tried again";
    startSteps(parts, { idle_ms: HOUR_MS, step: () => retention.step(), failed });
  }

  const sync = createTemplateSync({
    db,
    graphs,
    clock,
    log: log.child({ part: "templates" }),
    uses: TEMPLATE_USES,
    follow: createTemplateFollow({ clock }),
  });
  listener.on("templates", () => sync.wake());
  started(parts, sync).start();

  startNotices(parts);
  startImports(parts);
}

/** Their engine, and what starts them: the clock, and what was done to very many people at once. */
function startAutomations(parts: Parts): void {
  const { db, clock, listener, log } = parts;
  const automations = createAutomationEngine({
    db,
    clock,
    log: log.child({ part: "automations" }),
    happened: createHappened({ clock }),
  });
  listener.on("automations", () => automations.wake());
  started(parts, automations).start();
  startSteps(parts, {
    idle_ms: LOOK_MS,
    step: () => lookByClock({ db, clock }),
    failed: "automations that the clock starts could not be looked at; it is tried again",
  });
  const telling = startLoop(() => tellKept({ db, clock }), {
    idle_ms: LOOK_MS,
    onError: (err) =>
      log.error({ err }, "automations were not told what happened to many; it is tried again"),
  });
  listener.on("automations_told", () => telling.wake());
  started(parts, telling);
}

/** What Wharf sees of itself, and what it tells by email. */
function startNotices(parts: Parts): void {
  const { config, db, clock, log } = parts;
  const connections = connectionsOf(parts);
  startChore(parts, MINUTE_MS, () => watch({ db, clock, config, connections }));
  const mail = openMail(config.mail);
  if (mail) started(parts, mail);
  started(
    parts,
    createMailer({
      db,
      clock,
      log: log.child({ part: "notices" }),
      send: mail?.send ?? null,
      public_url: config.public_url,
    }),
  ).start();
}
