import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditing, createApi, createPeople, type ApiDeps } from "../../src/api/api.ts";
import { registry, silentLog, systemClock, type SecretBox } from "../../src/base/base.ts";
import { JOIN_FOLLOWERS } from "../../src/app/join-followers.ts";
import { RELEASES } from "../../src/app/releases.ts";
import { TEMPLATE_USES } from "../../src/app/template-uses.ts";
import { installationOf, readConfig } from "../../src/config.ts";
import { createConnections, createGraphs } from "../../src/connections/connections.ts";
import { createListener, type Database } from "../../src/db/db.ts";
import {
  createCallSecrets,
  createEndpoints,
  createGuard,
  createRecoveries,
  createSender,
  createTester,
  replay,
} from "../../src/delivery/delivery.ts";
import { createJournal } from "../../src/journal/journal.ts";
import { createLiveReader } from "../../src/live/live.ts";
import { createFileStore } from "../../src/media/media.ts";
import { replays } from "../../src/pipeline/pipeline.ts";

/** The API and what stands behind it, in whatever process; `instead` replaces parts of the finished set. */
export async function startApi(
  { db, box }: { db: Database; box: SecretBox },
  instead: Partial<ApiDeps> = {},
) {
  const log = instead.log ?? silentLog;
  const people = createPeople({ db, box, log: log.child({ part: "people" }) });
  const listener = createListener({ url: db.url, log });
  const live = createLiveReader({ db, listener, log });
  const journal = createJournal({ db, clock: systemClock, log });
  await journal.ensurePartitions();
  const guard = createGuard({ allowed: ["127.0.0.0/8"] });
  const tester = createTester({ db, box, guard, log, clock: systemClock });
  const sender = createSender({ db, box, guard, log, clock: systemClock });
  const connections = createConnections({ db, box, clock: systemClock });
  const graphs = createGraphs({ connections, clock: systemClock });
  const app = await createApi({
    db,
    clock: systemClock,
    box,
    log,
    people,
    journal,
    live,
    endpoints: createEndpoints({ db: auditing(db), box, guard }),
    call_secrets: createCallSecrets({ db, box }),
    tester,
    sender,
    recoveries: createRecoveries({ db, replays, replay, clock: systemClock, log, retention_days: null }),
    files: createFileStore({ dir: await mkdtemp(join(tmpdir(), "wharf-test-")) }),
    intake: null,
    sandbox: null,
    connections,
    graph: { graph_url: "http://127.0.0.1:9" },
    graphs,
    template_uses: TEMPLATE_USES,
    releases: RELEASES,
    join_followers: JOIN_FOLLOWERS,
    installation: installationOf(readConfig({ META_APP_SECRET: "a secret that is not shown" })),
    metrics: () => registry.metrics(),
    web_dir: join(tmpdir(), "no pages"),
    ...instead,
  });
  const stop = async () => {
    await app.close();
    await tester.stop();
    await sender.stop();
    await graphs.stop();
    live.stop();
    await listener.stop();
  };
  return { app, people, journal, stop };
}
