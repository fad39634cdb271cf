/**
 * The only place where parts meet: configuration → database → stages, started in order and stopped in reverse.
 * This is one process of Wharf with some of its roles; processes meet only in PostgreSQL, on one machine or several.
 */
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { applyAccounts } from "./accounts/accounts.ts";
import { createApi, createPeople, type Sandbox } from "./api/api.ts";
import {
  createLog,
  createSecretBox,
  projectDir,
  registry,
  startLoop,
  systemClock,
  type Logger,
  type SecretBox,
} from "./base/base.ts";
import { addressOf, installationOf, mediaDir, type Config, type Duty } from "./config.ts";
import {
  createConnections,
  createGraphs,
  type Connections,
  type EnvironmentConnection,
} from "./connections/connections.ts";
import { createDatabase, createListener, paced } from "./db/db.ts";
import {
  createDispatcher,
  createEndpoints,
  createGuard,
  createRecoveries,
  createRetention,
  createSender,
  createTester,
  fanOut,
  measureDeliveries,
  isReferenced,
  replay,
} from "./delivery/delivery.ts";
import { applyInbox, createSearchFill, changesOf, measureUnmatched, pruneUnmatched } from "./inbox/inbox.ts";
import { createIntake } from "./intake/intake.ts";
import { createJournal } from "./journal/journal.ts";
import { createLiveReader } from "./live/live.ts";
import { createFetcher, createFileStore, createFilesOfSends } from "./media/media.ts";
import { createPipeline, createSubjectFill, replays } from "./pipeline/pipeline.ts";
import { createApply, createSending, messageUse } from "./sending/sending.ts";
import { type Box, type Control, createBox, createControlClient } from "./simulator/simulator.ts";
import { createApplyTemplates, createTemplateSync, groupUse } from "./templates/templates.ts";

export interface App {
  /** Where it listens; null for a process without a server. */
  address: string | null;
  /** The owner's way in, once; null unless asked for, and once the owner has a password. */
  sign_in_url: string | null;
  /** Takes nothing new, ends what is under way, gives back what it holds. */
  stop(): Promise<void>;
}

/** Everything that uses templates: what is told of one, and asked before it is changed, counts these. */
const template_uses = [messageUse, groupUse];
const hour_ms = 3_600_000;
const gauge_ms = 15_000;
const live_retention_hours = 24;
/** How often the live feed is read while it moves: each time has its price, however little is new. */
const live_quiet_ms = 100;
/** How long one question of the API may occupy the database: who asked may long be gone. */
const api_statement_ms = 15_000;

export interface AppOptions {
  /** Make the owner's one-time link. */
  greet?: boolean;
  /** The metrics of every process of this machine; by default this one's. */
  metricsOfAll?: () => Promise<string>;
}

/** `config.database_url` names a migrated database. The simulator posts to where `config` says that Wharf listens. */
export async function startApp(config: Config, roles: Duty[], options: AppOptions = {}): Promise<App> {
  if (config.database_url === null) throw new Error("startApp needs a database_url");
  const url = config.database_url;
  const log = createLog({ level: config.log_level, pretty: process.stdout.isTTY });
  const parts: { stop(): Promise<unknown> | void }[] = [];
  const started = <Part extends { stop(): Promise<unknown> | void }>(part: Part): Part => {
    parts.push(part);
    return part;
  };
  const stop = async () => {
    for (const part of parts.splice(0).toReversed()) await part.stop();
  };

  try {
    const db = started(createDatabase({ url, application_name: `wharf ${roles.join(",")}` }));
    const box = createSecretBox(config.master_keys);
    const clock = systemClock;
    const listener = started(createListener({ url, log: log.child({ part: "database" }) }));
    const guard = createGuard({ allowed: config.allowed_targets });
    const append_db = roles.includes("intake")
      ? started(createDatabase({ url, max: 2, application_name: "wharf intake", keep_plans: true }))
      : db;
    const journal = createJournal({
      db,
      append_db,
      clock,
      log: log.child({ part: "journal" }),
      isReferenced: (from_id, to_id, tx) => isReferenced(tx, from_id, to_id),
      retention_days: config.retention_days,
    });
    await journal.ensurePartitions();
    const recoveries = createRecoveries({
      db,
      replays,
      replay,
      clock,
      log: log.child({ part: "recovery" }),
      retention_days: config.retention_days,
    });

    if (roles.includes("pipeline")) {
      const pipeline = createPipeline({
        db,
        journal,
        apply: {
          inbox: applyInbox,
          templates: createApplyTemplates({ uses: template_uses }),
          accounts: applyAccounts,
          sending: createApply({ clock }),
        },
        delivery: { fanOut },
        // Two workers on two cores would leave none to intake.
        workers: availableParallelism() > 2 ? 2 : 1,
        log: log.child({ part: "pipeline" }),
        clock,
      });
      listener.on("journal", () => pipeline.wake());
      started(pipeline).start();
      started(every(hour_ms, log, async () => void (await journal.step())));
      started(every(gauge_ms, log, async () => void (await journal.measure())));
      const fill = createSearchFill({ db });
      started(
        startLoop(() => fill.step(), {
          idle_ms: hour_ms,
          onError: (err) =>
            log.error({ err }, "older texts could not be made ready for search; it is tried again"),
        }),
      );
      const subjects = createSubjectFill({ db });
      started(
        startLoop(() => subjects.step(), {
          idle_ms: hour_ms,
          onError: (err) =>
            log.error({ err }, "older webhooks could not be made ready for search; it is tried again"),
        }),
      );
      started(every(gauge_ms, log, () => measureUnmatched(db)));
      started(every(hour_ms, log, async () => void (await pruneUnmatched(db, config.retention_days))));
    }

    const connections = createConnections({ db, find_db: append_db, box, clock });
    const files = started(
      createFileStore({
        dir: mediaDir(config),
        bucket: config.media_bucket,
        log: log.child({ part: "media" }),
      }),
    );
    if (roles.includes("sending")) {
      const { graph_version } = config.meta;
      const graphs = started(createGraphs({ connections, clock, graph_version }));
      const own_db = started(
        createDatabase({ url, max: 2, application_name: "wharf sending", by_index: true }),
      );
      const sending = createSending({
        db,
        own_db,
        graphs,
        log: log.child({ part: "sending" }),
        clock,
        media: createFilesOfSends({ db, store: files, clock }),
      });
      listener.on("sends", () => sending.wake());
      started(sending).start();
      // Not with the pipeline: what asks Meta must not hold up what comes from it.
      const fetcher = createFetcher({
        db,
        store: files,
        graphs,
        changesOf,
        clock,
        log: log.child({ part: "media" }),
      });
      listener.on("media", () => fetcher.wake());
      started(fetcher).start();
      const sync = createTemplateSync({
        db,
        graphs,
        clock,
        log: log.child({ part: "templates" }),
        uses: template_uses,
      });
      listener.on("templates", () => sync.wake());
      started(sync).start();
    }

    if (roles.includes("delivery")) {
      const own_db = started(
        createDatabase({ url, max: 3, application_name: "wharf delivery", by_index: true }),
      );
      const dispatcher = createDispatcher({
        db,
        own_db,
        box,
        guard,
        log: log.child({ part: "delivery" }),
        clock,
      });
      listener.on("deliveries", () => dispatcher.wake());
      started(dispatcher).start();
      listener.on("recoveries", () => recoveries.wake());
      started(recoveries).start();
      started(
        createRetention({
          db,
          clock,
          log: log.child({ part: "delivery" }),
          retention_days: config.retention_days,
        }),
      ).start();
      started(every(gauge_ms, log, () => measureDeliveries(db)));
    }

    let address: string | null = null;
    let sign_in_url: string | null = null;
    if (roles.includes("api") || roles.includes("intake")) {
      const api_db = started(
        createDatabase({ url, application_name: "wharf api", statement_timeout_ms: api_statement_ms }),
      );
      const people = createPeople({ db: api_db, box, log: log.child({ part: "people" }) });
      const owner = await people.ensureOwner({ url: null });
      if (config.api_key !== null) await people.ensureApiKey(config.api_key);
      const given = environmentConnection(config, box);
      const connection_id = await connections.ensureFromEnvironment(owner.workspace_id, given);

      const intake = roles.includes("intake")
        ? started(createIntake({ connections, journal, log: log.child({ part: "intake" }), clock }))
        : null;
      const live = started(
        createLiveReader({ db, listener: paced(listener, live_quiet_ms), log: log.child({ part: "live" }) }),
      );
      started(every(hour_ms, log, async () => void (await live.retain(live_retention_hours))));

      const sandbox: Sandbox | null =
        config.mode === "sandbox"
          ? { workspace_id: owner.workspace_id, ...createControl(started, connections, connection_id) }
          : null;
      const graphs = started(createGraphs({ connections, clock, graph_version: config.meta.graph_version }));
      const sending_parts = { db, box, guard, log: log.child({ part: "delivery" }), clock };
      const tester = createTester(sending_parts);
      const sender = createSender(sending_parts);
      const api = await createApi({
        db: api_db,
        box,
        log,
        people,
        intake,
        journal,
        recoveries,
        endpoints: createEndpoints({ db, box, guard }),
        tester,
        sender,
        live,
        files,
        graphs,
        template_uses,
        sandbox,
        connections,
        installation: installationOf(config),
        trusted_proxies: config.trusted_proxies,
        metrics: options.metricsOfAll ?? (() => registry.metrics()),
        web_dir: join(projectDir, "dist/web"),
      });
      started({ stop: () => api.close() });
      // Stopped before it, as the API waits for requests under way.
      started(tester);
      started(sender);
      await api.listen({ host: config.host, port: config.port });
      const { port } = api.server.address() as AddressInfo;
      address = addressOf(config.host, port);
      if (options.greet) sign_in_url = (await people.ensureOwner({ url: address })).link;
    }

    if (roles.includes("simulator")) {
      const people = createPeople({ db, box, log: log.child({ part: "people" }) });
      const { workspace_id } = await people.ensureOwner({ url: null });
      const given = environmentConnection(config, box);
      const simulator = createBox({
        target_url: `${address ?? addressOf(config.host, config.port)}/webhooks/meta`,
        app_secret: given.app_secret ?? "",
        token: given.access_token ?? "",
        scenarios_dir: join(projectDir, "scenarios"),
      });
      started(simulator);
      const known = await connections.find(null);
      const before = known && (await connections.reach(known.id));
      // Senders and its drivers find it by the connection.
      await connections.ensureFromEnvironment(workspace_id, {
        ...given,
        graph_url: await listenAgain(simulator, before?.graph_url ?? null),
      });
    }

    return { address, sign_in_url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ports below are the system's, also the one of a connection that was never told where Meta is. */
const FIRST_FREE_PORT = 1_024;

/** Where it listened before, so that a foreign client that was pointed at it still finds it after a restart. */
async function listenAgain(simulator: Box, before: string | null): Promise<string> {
  const { hostname, port } = new URL(before ?? "http://none");
  if (hostname === "127.0.0.1" && Number(port) >= FIRST_FREE_PORT) {
    try {
      return await simulator.listen(Number(port), hostname);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  return simulator.listen(0, "127.0.0.1");
}

/** The simulator, wherever it runs: its connection says where. */
function createControl(
  started: <Part extends { stop(): Promise<unknown> }>(part: Part) => Part,
  connections: Connections,
  connection_id: string,
): Control {
  const agent = new Agent({ connections: 32, headersTimeout: 30_000, bodyTimeout: 30_000 });
  started({ stop: () => agent.close() });
  return createControlClient({
    dispatcher: agent,
    async reach() {
      const connection = await connections.reach(connection_id);
      const token = connection?.access_token ?? null;
      return connection && token !== null ? { url: connection.graph_url, token } : null;
    },
  });
}

/** In the sandbox the simulator signs with a secret that follows from the master key, so that nothing needs to be typed. */
function environmentConnection(config: Config, box: SecretBox): EnvironmentConnection {
  if (config.mode !== "sandbox") return config.meta;
  const secret = (name: string) =>
    createHash("sha256")
      .update(box.derive(Buffer.alloc(0), `sandbox ${name}`))
      .digest("hex");
  return {
    app_secret: secret("app secret"),
    verify_token: config.meta.verify_token ?? secret("verify token"),
    access_token: secret("access token"),
    graph_url: null,
  };
}

function every(idle_ms: number, log: Logger, chore: () => Promise<void>) {
  const step = async () => {
    await chore();
    return 0;
  };
  return startLoop(step, {
    idle_ms,
    onError: (err) => log.error({ err }, "a chore failed; it is tried again"),
  });
}
