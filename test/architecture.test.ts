import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";

/**
 * Which module may import which, besides itself and packages. Data flows one way (ARCHITECTURE.md), and so do imports.
 * A room is entered by its front door, the file of its own name; the exceptions are types that several rooms share.
 */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  contract: [],
  // What Meta takes as a template: the pages check with it, too.
  "template-rules": ["base"],
  db: ["base"],
  meta: ["base"],
  // Which installation the database is, and whether it may send.
  installation: ["base", "db"],
  // Its clients of the Graph API.
  connections: ["base", "db", "meta"],
  journal: ["base", "db"],
  live: ["base", "db"],
  intake: ["base", "meta", "journal"],
  // It asks connections for tokens.
  media: ["base", "db", "meta", "live", "contract", "connections"],
  // Their views answer in the contract's shapes: types only, see below.
  // Messages name files, which become due with them.
  inbox: ["base", "db", "meta", "live", "contract", "media"],
  notices: ["base", "db", "live", "contract"],
  // What Meta says of accounts is told as notices.
  accounts: ["base", "db", "meta", "live", "notices"],
  // They ask Meta for its list, by the clients that connections have.
  templates: ["base", "db", "meta", "live", "contract", "connections", "notices", "template-rules"],
  // Its people are the inbox's contacts.
  audience: ["base", "db", "meta", "live", "contract", "inbox"],
  // Files of people become contacts of the inbox, with what the audience keeps of them; the files lie with the media.
  imports: ["base", "db", "meta", "live", "contract", "inbox", "media", "audience", "campaigns", "consent"],
  // What people set about consent and see of it; what was said is the inbox's. It sends nothing by itself.
  consent: ["base", "db", "meta", "live", "contract", "inbox", "templates"],
  delivery: ["base", "db", "meta", "live", "journal"],
  // It puts lines into threads, asks connections for tokens, and keeps to the marketing limits.
  sending: [
    "base",
    "db",
    "meta",
    "live",
    "contract",
    "connections",
    "inbox",
    "media",
    "templates",
    "accounts",
    "consent",
  ],
  // The rate card; what was charged others count.
  costs: ["base", "db", "contract"],
  // They send by sending, to audiences, and tell by notices; they follow messages, contacts and templates.
  campaigns: [
    "base",
    "db",
    "meta",
    "live",
    "contract",
    "inbox",
    "templates",
    "template-rules",
    "audience",
    "sending",
    "notices",
    "costs",
  ],
  // They send by sending and fill templates as campaigns do; they follow messages, contacts and what is done to these. What
  // they tell others goes by delivery and by notices.
  automations: [
    "base",
    "db",
    "meta",
    "live",
    "contract",
    "inbox",
    "templates",
    "audience",
    "consent",
    "sending",
    "campaigns",
    "delivery",
    "notices",
  ],
  pipeline: ["base", "db", "meta", "connections", "journal", "live", "delivery", "inbox", "templates"],
  api: [
    "base",
    "contract",
    "db",
    "meta",
    "connections",
    "journal",
    "live",
    "delivery",
    "inbox",
    "templates",
    "audience",
    "campaigns",
    "automations",
    "imports",
    "consent",
    "costs",
    "sending",
    "campaigns",
    "media",
    "notices",
    // Whether anything may be sent, and the owner's word for it.
    "installation",
  ],
  // What a step says is checked as what the phone says.
  simulator: ["base", "meta", "contract"],
};
/**
 * Modules of over 20 files have sub-modules. Each is entered by the file of its own name, also from within the module,
 * and may import those that its line names: all stand above it, so that imports run one way here too.
 */
const subModules: Record<string, Record<string, readonly string[]>> = {
  "src/api": {
    people: [],
    http: ["people"],
    members: ["people"],
    reference: ["http"],
    // What is the same for all workspaces.
    whole: ["people", "http"],
    // What owners do at Meta.
    connections: ["people", "http"],
    handlers: ["people", "http", "members", "whole", "connections"],
    routes: ["people", "http", "members"],
  },
  "src/automations": {
    counts: [],
    flow: [],
    definition: ["flow"],
    engine: ["counts", "flow"],
    triggers: ["flow", "engine"],
    activity: ["counts", "flow", "definition", "engine"],
    testing: ["flow", "definition", "engine", "activity"],
  },
  "src/campaigns": {
    counts: [],
    definition: ["counts"],
    outcomes: ["counts"],
    reports: ["counts"],
    review: ["definition", "reports"],
    engine: ["counts", "definition", "reports", "review"],
  },
  "src/cli": {
    supervisor: [],
    backup: [],
    doctor: [],
    simulate: [],
    replay: [],
  },
  "src/delivery": {
    policy: [],
    signing: [],
    tables: [],
    http: ["policy", "signing"],
    endpoints: ["policy", "signing", "tables", "http"],
    log: ["policy", "signing", "tables", "endpoints"],
    testing: ["policy", "signing", "http", "endpoints"],
    dispatch: ["policy", "signing", "tables", "http", "endpoints", "log"],
    "fan-out": ["log", "dispatch"],
    recovery: ["policy", "signing", "tables", "http", "endpoints", "log", "dispatch", "fan-out"],
    calls: ["policy", "signing", "http"],
  },
  "src/meta": {
    json: [],
    errors: ["json"],
    numbers: [],
    webhook: ["json"],
    message: ["webhook"],
    graph: ["json", "errors", "webhook", "message"],
  },
  "src/inbox": {
    facts: [],
    search: [],
    folds: ["facts", "search"],
    identity: ["facts", "search", "folds"],
    reading: ["facts"],
    views: ["facts", "search", "folds", "reading"],
  },
  "src/sending": {
    outcomes: [],
    claim: [],
    queue: ["claim"],
    sender: ["outcomes", "claim", "queue"],
  },
  "src/simulator": {
    world: [],
    webhooks: ["world"],
    graph: ["world", "webhooks"],
    scenario: ["world", "webhooks", "graph"],
    control: ["world", "webhooks", "graph", "scenario"],
  },
  "src/simulator/graph": {
    protocol: [],
    state: ["protocol"],
    calls: ["protocol", "state"],
    "account-calls": ["protocol", "state", "calls"],
    "message-calls": ["protocol", "state", "calls"],
    "template-calls": ["protocol", "state", "calls"],
  },
  "web/src/features/webhooks": {
    model: [],
    parts: ["model"],
    signing: ["model"],
    form: ["model", "parts", "signing"],
    testing: ["model", "signing"],
    settings: ["model", "parts", "signing", "form", "testing"],
    overview: ["model"],
    recovery: ["model", "parts"],
    deliveries: ["model", "recovery"],
    list: ["model", "parts", "form"],
  },
  "web/src/features/campaigns": {
    model: [],
    parts: ["model"],
    list: ["model", "parts"],
    basics: ["model", "parts"],
    audience: ["model"],
    schedule: ["model", "parts"],
    review: ["model", "parts"],
    wizard: ["model", "basics", "audience", "schedule", "review"],
    recipients: ["model", "parts"],
    results: ["model", "parts"],
    detail: ["model", "parts", "recipients", "results"],
    report: ["model", "parts"],
  },
  "web/src/features/automations": {
    model: [],
    parts: ["model"],
    nodes: ["model", "parts"],
    canvas: ["model", "parts"],
    outline: ["model", "parts"],
    list: ["model", "parts"],
    activity: ["model", "parts"],
    versions: ["model", "parts"],
    testing: ["model", "parts", "activity"],
    editor: ["model", "parts", "nodes", "canvas", "outline", "activity", "versions", "testing"],
  },
  "web/src/features/sandbox": {
    sheets: [],
  },
  "web/src/features/simulator": {
    model: [],
    parts: ["model"],
    outcomes: ["model", "parts"],
    scenarios: ["model", "parts"],
    cards: ["model", "parts"],
  },
};
/**
 * Of the pages' shared parts each file stands by itself, and a page takes those that it needs: folders order them, without
 * an entry file, and may import those that their line names.
 */
const shelves: Record<string, Record<string, readonly string[]>> = {
  "web/src/lib": {
    words: [],
    page: ["words"],
    server: ["words", "page"],
    live: ["words", "page", "server"],
  },
  "web/src/conversation": {
    model: [],
    marks: ["model"],
    template: ["model", "marks"],
    outbox: ["model"],
    consent: [],
    message: ["model", "marks", "outbox"],
    notes: [],
    thread: ["outbox", "message", "notes"],
    filling: ["model", "marks", "template"],
    compose: ["model", "marks", "outbox", "filling"],
    conditions: [],
  },
};
/** Which part of the pages may import which; features import all but each other, and the app puts them together. */
const webParts: Record<string, readonly string[]> = {
  lib: [],
  ui: ["lib"],
  conversation: ["lib", "ui"],
  features: ["lib", "ui", "conversation"],
};

/** These meet everything: they put the parts together. */
const meetingPlaces = ["app", "main.ts", "config.ts", "cli"];
/** Doors beside the front door. */
const sideDoors = new Set([
  "meta/events.ts", // the words of the pipeline: types only
  "meta/routed.ts",
  "live/change.ts",
  "contract/shapes.ts",
  "contract/audience.ts",
  "contract/automation-runs.ts",
  "contract/automations.ts",
  "contract/imports.ts",
  "contract/campaigns.ts",
  "contract/costs.ts",
  "contract/automations.ts",
  "contract/consent.ts",
  "contract/notes.ts",
  "contract/components.ts", // what OpenAPI names
  "app/releases.ts", // a command confirms as the API does, and starts no roles for it
  "base/table-of.ts", // pure: pages run it too
]);

interface Edge {
  file: string;
  from: string;
  to: string;
  target: string;
  typeOnly: boolean;
}

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function edges(root: string): Edge[] {
  return sources(root).flatMap((path) => {
    const file = relative(root, path);
    const text = readFileSync(path, "utf8");
    return [
      ...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"|import\("(\.[^"]+)"\)/gm),
    ].map((match) => {
      const target = relative(root, resolve(dirname(path), match[2] ?? match[3]!));
      return {
        file,
        from: file.split("/")[0]!,
        to: target.split("/")[0]!,
        target,
        typeOnly: Boolean(match[1]),
      };
    });
  });
}

const server = edges(join(projectDir, "src"));
const crossing = server.filter((edge) => edge.from !== edge.to);

it("sees the rooms and their imports", () => {
  expect(new Set(server.map((edge) => edge.from)).size).toBeGreaterThan(12);
  expect(crossing.length).toBeGreaterThan(80);
});

it("rooms import only the rooms that the table allows", () => {
  const wrong = crossing.filter(
    (edge) => !meetingPlaces.includes(edge.from) && !mayImport[edge.from]?.includes(edge.to),
  );
  expect(wrong.map((edge) => `${edge.file} imports ${edge.target}`)).toEqual([]);
});

it("domain rooms know of the contract's types alone, and the simulator of the phone's rules as well", () => {
  const wrong = crossing.filter(
    (edge) => edge.to === "contract" && !["api", "simulator"].includes(edge.from) && !edge.typeOnly,
  );
  expect(wrong.map((edge) => `${edge.file} imports ${edge.target}`)).toEqual([]);
});

it("rooms are entered by their front door", () => {
  const wrong = crossing.filter((edge) => {
    const isRoom = edge.target.includes("/") && edge.to !== "cli";
    return isRoom && edge.target !== `${edge.to}/${edge.to}.ts` && !sideDoors.has(edge.target);
  });
  expect(wrong.map((edge) => `${edge.file} imports ${edge.target}`)).toEqual([]);
});

/** The imports of a module's files, told by the sub-module: null is the module's own folder. */
function importsWithin(module: string, lines: Record<string, readonly string[]>) {
  const names = Object.keys(lines);
  const subModuleOf = (file: string) => {
    const [first = ""] = file.split("/");
    return names.includes(first) ? first : null;
  };
  return edges(join(projectDir, module))
    .filter(({ target }) => !target.startsWith(".."))
    .map((edge) => ({ ...edge, from: subModuleOf(edge.file), to: subModuleOf(edge.target) }))
    .filter(({ from, to }) => from !== to);
}

describe.each(Object.entries({ ...subModules, ...shelves }))("the sub-modules of %s", (module, lines) => {
  const crossing = importsWithin(module, lines);
  const told = (wrong: typeof crossing) => wrong.map((edge) => `${edge.file} imports ${edge.target}`);

  it("have a line each, name only those above them, and no more than they import", () => {
    const folders = readdirSync(join(projectDir, module), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const names = Object.keys(lines);
    expect([...names].sort()).toEqual(folders.sort());
    for (const [place, [name, others]] of Object.entries(lines).entries()) {
      expect([name, others.filter((other) => !names.slice(0, place).includes(other))]).toEqual([name, []]);
      const imported = new Set(crossing.filter(({ from }) => from === name).map(({ to }) => to));
      expect([name, others.filter((other) => !imported.has(other))]).toEqual([name, []]);
    }
  });

  it("import only those that their lines name", () => {
    const wrong = crossing.filter(
      ({ from, to }) => from !== null && to !== null && !lines[from]!.includes(to),
    );
    expect(told(wrong)).toEqual([]);
  });

  it.skipIf(module in shelves)("are entered by the file of their own name", () => {
    const wrong = crossing.filter(
      ({ to, target }) => to !== null && !new RegExp(`^${to}/${to}\\.tsx?$`).test(target),
    );
    expect(told(wrong)).toEqual([]);
  });

  it("hold no more than 20 files, as does the module's own folder", () => {
    const folders = ["", ...Object.keys(lines)];
    const counts = folders.map((folder) => [
      folder,
      readdirSync(join(projectDir, module, folder)).filter(
        (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name),
      ).length,
    ]);
    expect(counts.filter(([, count]) => Number(count) > 20)).toEqual([]);
  });
});

it("no file imports itself by way of others, not even for a type", () => {
  const imports = new Map<string, string[]>();
  for (const root of ["src", "web"])
    for (const { file, target } of edges(join(projectDir, root))) {
      const key = join(root, file);
      imports.set(key, [...(imports.get(key) ?? []), join(root, target)]);
    }
  expect(circlesIn(imports)).toEqual([]);
});

/** What is left when files that import none of the others, or that none imports, are dropped again and again. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Set(imports.keys());
  for (let size = -1; size !== left.size;) {
    size = left.size;
    const imported = new Set([...left].flatMap((file) => imports.get(file)!));
    for (const file of left)
      if (!imported.has(file) || !imports.get(file)!.some((target) => left.has(target))) left.delete(file);
  }
  return [...left];
}

it("pages know the server by the contract's types and names and the rules of templates alone, and features don't know each other", () => {
  const root = projectDir;
  const pages = sources(join(root, "web")).flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"/gm)].map((match) => ({
      file: relative(root, path),
      target: relative(root, resolve(dirname(path), match[2]!)),
      typeOnly: Boolean(match[1]),
    }));
  });
  expect(pages.length).toBeGreaterThan(30);
  const wrong = pages.filter(({ file, target, typeOnly }) => {
    // The one part that both run: pure, and without imports.
    if (target === "src/template-rules/template-rules.ts") return false;
    if (target.startsWith("src/"))
      return target !== "src/contract/names.ts" && (!target.startsWith("src/contract/") || !typeOnly);
    const feature = /^web\/src\/features\/([^/]+)\//;
    const [, own] = feature.exec(file) ?? [];
    const [, other] = feature.exec(target) ?? [];
    return own !== undefined && other !== undefined && own !== other;
  });
  expect(wrong).toEqual([]);
});

it("the pages' parts import one way", () => {
  const crossing = edges(join(projectDir, "web/src")).filter(
    ({ from, to }) => from !== to && from in webParts,
  );
  expect(crossing.length).toBeGreaterThan(200);
  const wrong = crossing.filter(({ from, to }) => !webParts[from]!.includes(to) && !to.startsWith(".."));
  expect(wrong.map((edge) => `${edge.file} imports ${edge.target}`)).toEqual([]);
});

it("no list is spread into a call's arguments, where a long one overflows the stack (M6)", () => {
  const spread =
    /\b(?:push|unshift|min|max|fromCharCode|concat)\(\s*\.\.\.|\bsplice\([^;\n]*,\s*\.\.\.\w|\.apply\(/g;
  const found = sources(join(projectDir, "src")).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(spread)].map(
      ([text]) => `${relative(projectDir, path)}: ${text}`,
    ),
  );
  expect(found).toEqual([]);
});

/**
 * What is due and who holds a lease is shared by machines whose clocks differ: it goes by the database's clock, which is
 * `now()` in a statement and the `clock` that a part is given. Those that read this machine's say why.
 */
const ownClock: Record<string, string> = {
  "api/people/api-keys.ts":
    "a key that has ended is refused when it is made; each use is judged by the database",
  "api/people/sign-in-limit.ts": "better-auth counts by this machine's clock too",
  "api/routes/auth-routes.ts": "how old a browser's cookie is",
  "delivery/endpoints/endpoints.ts": "the default of tests",
  "journal/append.ts": "whether a test has given a clock",
  "media/spool.ts": "times of files in this machine's folder",
  "pipeline/batches.ts": "when a batch began, for its trace",
  "pipeline/replay.ts": "how long one call waits",
  "sending/queue/queue.ts": "when a person cancelled or retried, for those who follow messages",
};
const SHARED_TIMES =
  /^(?:accounts|api|connections|consent|delivery|inbox|intake|journal|live|media|notices|pipeline|sending|templates)\//;

it("what machines share goes by the database's clock, not by one machine's", () => {
  const root = join(projectDir, "src");
  const found = sources(root)
    .map((path) => ({ file: relative(root, path), text: readFileSync(path, "utf8") }))
    .filter(
      ({ file, text }) =>
        SHARED_TIMES.test(file) && /\bDate\.now\(\)|\bnew Date\(\)|\bsystemClock\b/.test(text),
    );
  expect(found.map(({ file }) => file).sort()).toEqual(Object.keys(ownClock).sort());
});

it("what runs in production is in `dependencies`: development packages may be left out", () => {
  const manifest = JSON.parse(readFileSync(join(projectDir, "package.json"), "utf8")) as Record<
    string,
    object
  >;
  const installed = { ...manifest["dependencies"], ...manifest["optionalDependencies"] };
  const named = sources(join(projectDir, "src")).flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return [
      ...text.matchAll(
        /^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^."][^"]*)"|import\("([^."][^"]*)"\)/gm,
      ),
    ]
      .filter(([, typeOnly]) => !typeOnly)
      .map((match) =>
        (match[2] ?? match[3]!)
          .split("/")
          .slice(0, match[0].includes('"@') ? 2 : 1)
          .join("/"),
      )
      .filter((name) => !name.startsWith("node:") && !name.includes("$"))
      .filter((name) => !Object.hasOwn(installed, name))
      .map((name) => `${relative(projectDir, path)} imports ${name}`);
  });
  expect(named).toEqual([]);
});
