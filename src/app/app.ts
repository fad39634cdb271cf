/**
 * The only place where parts meet: configuration → database → roles, started in order and stopped in reverse.
 * This is one process of Wharf with some of its roles; processes meet only in PostgreSQL, on one machine or several.
 */
import type { Config, Duty } from "../config.ts";
import type { Front } from "./front-role.ts";
import { onceConfirmed } from "./while-held.ts";
import { startParts, stopAll, type AppOptions, type Parts } from "./parts.ts";

export interface App {
  /** Where it listens; null for a process without a server. */
  address: string | null;
  /** The owner's way in, once; null unless asked for, and once the owner has a password. */
  sign_in_url: string | null;
  /** Takes nothing new, ends what is under way, gives back what it holds. */
  stop(): Promise<void>;
}

/** What those that were started before it have come to. */
interface Begun {
  front: Front | null;
}

interface Role {
  /** It is started for any of these. */
  duties: readonly Duty[];
  /** Its modules: a process loads those of its own roles only, all at once. */
  load(): Promise<(parts: Parts, begun: Begun) => Promise<Front | void> | void>;
}

/** In the order in which they start. */
const roles: readonly Role[] = [
  { duties: ["pipeline"], load: async () => (await import("./pipeline-role.ts")).startPipeline },
  { duties: ["sending"], load: async () => onceConfirmed((await import("./sending-role.ts")).startSending) },
  {
    duties: ["delivery"],
    load: async () => onceConfirmed((await import("./delivery-role.ts")).startDelivery),
  },
  {
    duties: ["intake", "api"],
    load: async () => (await import("./front-role.ts")).startFront,
  },
  {
    duties: ["simulator"],
    async load() {
      const { startSimulator } = await import("./simulator-role.ts");
      return (parts, { front }) => startSimulator(parts, front?.address ?? null);
    },
  },
];

/** Their modules are there when they are started; it may be done long before. */
export async function loadRoles(duties: readonly Duty[]) {
  const own = roles.filter((role) => role.duties.some((duty) => duties.includes(duty)));
  return Promise.all(own.map((role) => role.load()));
}

/** `config.database_url` names a migrated database. The simulator posts to where `config` says that Wharf listens. */
export async function startApp(config: Config, duties: Duty[], options: AppOptions = {}): Promise<App> {
  if (config.database_url === null) throw new Error("startApp needs a database_url");
  const loading = loadRoles(duties);
  // It is awaited below; until then a failure is no unheard one.
  loading.catch(() => {});
  const parts = await startParts(config, duties, options);
  try {
    const begun: Begun = { front: null };
    for (const start of await loading) begun.front = (await start(parts, begun)) ?? begun.front;
    const { address = null, sign_in_url = null } = begun.front ?? {};
    return { address, sign_in_url, stop: () => stopAll(parts) };
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}
