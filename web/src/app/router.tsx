import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import type { JournalFilter } from "../features/journal/queries.ts";
import type { TemplateFilter } from "../features/templates/queries.ts";
import type { DeliveryFilter } from "../features/webhooks/model/log-queries.ts";
import { ApiProblem } from "../lib/api.ts";
import { page } from "../lib/chunks.ts";
import { meQuery, queryClient, sandboxQuery } from "../lib/queries.ts";
import { isOpen, isOwner, setupQuery } from "../lib/setup.ts";
import type {
  ConversationStatus,
  DeliveryKind,
  DeliveryState,
  EventGroup,
  JournalState,
  StatsRange,
  Subscription,
  UnmatchedKind,
} from "../lib/types.ts";
import { NotFound } from "./not-found.tsx";
import { PageError } from "./page-error.tsx";
import { PagePending } from "./page-pending.tsx";
import { Shell } from "./shell.tsx";

type InboxTab = ConversationStatus | "ALL" | "FAILED";

/** Every page of Wharf, in one file. What one looks at (filter, search, open drawer) is in the address: each view is a link. */

const TABS: readonly InboxTab[] = ["OPEN", "PENDING", "RESOLVED", "ALL", "FAILED"];
const JOURNAL_STATES: readonly JournalState[] = ["pending", "done", "dead"];
const EVENT_GROUPS: readonly EventGroup[] = [
  "messages",
  "statuses",
  "failures",
  "templates",
  "calls",
  "groups",
  "echoes",
  "preferences",
  "account",
  "other",
];
const UNMATCHED_KINDS: readonly UnmatchedKind[] = ["status", "reaction", "edit", "revoke", "payment"];
const ENDPOINT_TABS = ["settings", "overview", "deliveries"] as const;
const DELIVERY_STATES: readonly DeliveryState[] = ["pending", "delivered", "failed", "cancelled", "held"];
const DELIVERY_KINDS: readonly DeliveryKind[] = ["event", "test", "replay", "real"];
const RANGES: readonly StatsRange[] = ["1h", "24h", "7d", "30d"];
const SUBSCRIPTIONS: readonly Subscription[] = [
  "statuses",
  "messages",
  "template_status",
  "template_quality",
  "account",
  "phone_number",
  "user_preferences",
  "echoes",
  "calls",
  "flows",
  "groups",
  "other",
];
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((each) => each === value);
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const soon = (work: Promise<unknown>) =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, 1_000))]);

const root = createRootRoute({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string | undefined; error?: string | undefined } => ({
    next: textOf(search["next"]),
    error: textOf(search["error"]),
  }),
  component: page(() => import("../features/sign-in/sign-in-page.tsx"), "SignInPage"),
});

const signInLink = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/link/$token",
  component: page(() => import("../features/sign-in/link-page.tsx"), "LinkPage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: page(() => import("../features/sign-in/welcome-page.tsx"), "WelcomePage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { next: location.href === "/" ? undefined : location.href } });
    });
    if (me.needs_password) throw redirect({ to: "/welcome" });
    // What it says is there when the page is drawn first, so that nothing moves; but no page waits for it for long.
    if (me.mode === "sandbox") await soon(queryClient.prefetchQuery(sandboxQuery));
    return { me };
  },
});

const start = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: async ({ context }) => {
    // Without an answer one begins in the Inbox.
    const setup = isOwner(context.me) ? await queryClient.fetchQuery(setupQuery).catch(() => null) : null;
    if (setup && !setup.steps.play && isOpen(setup)) throw redirect({ to: "/start" });
    throw redirect({ to: "/inbox" });
  },
});

const firstSteps = createRoute({
  getParentRoute: () => shell,
  path: "/start",
  component: page(() => import("../features/first-steps/start-page.tsx"), "StartPage"),
});

const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  validateSearch: (
    search,
  ): {
    status?: InboxTab | undefined;
    search?: string | undefined;
    /** The message to show of the open conversation. */
    message?: string | undefined;
    /** The contact lies over the thread, where there is no room beside it. */
    contact?: "shown" | undefined;
  } => ({
    status: oneOf(TABS, search["status"]),
    search: textOf(search["search"]),
    message: textOf(search["message"]),
    contact: oneOf(["shown"] as const, search["contact"]),
  }),
  component: page(() => import("../features/inbox/inbox-page.tsx"), "InboxPage"),
});
/** The page itself reads `conversation_id`, so that the list stays mounted from one conversation to the next. */
const inboxConversation = createRoute({ getParentRoute: () => inbox, path: "$conversation_id" });

const sandbox = createRoute({
  getParentRoute: () => shell,
  path: "/sandbox",
  component: page(() => import("../features/sandbox/sandbox-page.tsx"), "SandboxPage"),
});

const simulator = createRoute({
  getParentRoute: () => shell,
  path: "/simulator",
  component: page(() => import("../features/simulator/simulator-page.tsx"), "SimulatorPage"),
});

const journalFilter = (search: Record<string, unknown>): JournalFilter => ({
  state: oneOf(JOURNAL_STATES, search["state"]),
  search: textOf(search["search"]),
  kind: oneOf(EVENT_GROUPS, search["kind"]),
  number: textOf(search["number"]),
  since: textOf(search["since"]),
  until: textOf(search["until"]),
});
const journal = createRoute({
  getParentRoute: () => shell,
  path: "/journal",
  validateSearch: (search): JournalFilter => journalFilter(search),
  beforeLoad: ({ location }) => {
    // Where a webhook was before it had a page of its own: links to it stand in messages and notes.
    const webhook_id = new URLSearchParams(location.searchStr).get("webhook");
    if (webhook_id !== null) throw redirect({ to: "/journal/$webhook_id", params: { webhook_id } });
  },
  component: page(() => import("../features/journal/journal-page.tsx"), "JournalPage"),
});

/** The filter is that of the list which one came from: its neighbours are the next ones there. */
const journalWebhook = createRoute({
  getParentRoute: () => shell,
  path: "/journal/$webhook_id",
  validateSearch: (search): JournalFilter => journalFilter(search),
  component: page(() => import("../features/journal/webhook-page.tsx"), "WebhookPage"),
});

const unmatched = createRoute({
  getParentRoute: () => shell,
  path: "/journal/unmatched",
  validateSearch: (search): { kind?: UnmatchedKind | undefined } => ({
    kind: oneOf(UNMATCHED_KINDS, search["kind"]),
  }),
  component: page(() => import("../features/journal/unmatched-page.tsx"), "UnmatchedPage"),
});

const TEMPLATE_STATES = ["current", "drafts", "approved", "pending", "attention", "gone"] as const;
const templates = createRoute({
  getParentRoute: () => shell,
  path: "/templates",
  validateSearch: (search): TemplateFilter => ({
    state: oneOf(TEMPLATE_STATES, search["state"]),
    search: textOf(search["search"]),
    category: textOf(search["category"]),
    language: textOf(search["language"]),
    quality: textOf(search["quality"]),
    account: textOf(search["account"]),
  }),
  component: page(() => import("../features/templates/pages.ts"), "TemplatesPage"),
});
const template = createRoute({
  getParentRoute: () => shell,
  path: "/templates/$template_id",
  component: page(() => import("../features/templates/pages.ts"), "TemplatePage"),
});
const newTemplate = createRoute({
  getParentRoute: () => shell,
  path: "/templates/new",
  component: page(() => import("../features/templates/editor-page.tsx"), "NewTemplatePage"),
});
const templateDraft = createRoute({
  getParentRoute: () => shell,
  path: "/templates/drafts/$draft_id",
  component: page(() => import("../features/templates/editor-page.tsx"), "DraftPage"),
});
const templateGroups = createRoute({
  getParentRoute: () => shell,
  path: "/templates/groups",
  component: page(() => import("../features/templates/pages.ts"), "GroupsPage"),
});
const templateMedia = createRoute({
  getParentRoute: () => shell,
  path: "/templates/media",
  component: page(() => import("../features/templates/pages.ts"), "MediaPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: page(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: "/settings/api-keys",
  component: page(() => import("../features/settings/api-keys-page.tsx"), "ApiKeysPage"),
});

const docs = createRoute({
  getParentRoute: () => shell,
  path: "/docs",
  component: page(() => import("../features/docs/docs-page.tsx"), "DocsPage"),
});

const doc = createRoute({
  getParentRoute: () => shell,
  path: "/docs/$name",
  component: page(() => import("../features/docs/doc-page.tsx"), "DocPage"),
});

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: "/settings/webhooks",
  component: page(() => import("../features/webhooks/list/list.ts"), "WebhooksPage"),
});

/** Filters of the deliveries, and the one that is open. */
export interface EndpointSearch extends DeliveryFilter {
  tab?: (typeof ENDPOINT_TABS)[number] | undefined;
  /** Of the charts. */
  range?: StatsRange | undefined;
  delivery?: string | undefined;
}
/** What people type who look for their webhooks. */
const typedWebhooks = createRoute({
  getParentRoute: () => shell,
  path: "/webhooks",
  beforeLoad: () => {
    throw redirect({ to: "/settings/webhooks", replace: true });
  },
});
const endpoint = createRoute({
  getParentRoute: () => shell,
  path: "/settings/webhooks/$endpoint_id",
  validateSearch: (search): EndpointSearch => ({
    tab: oneOf(ENDPOINT_TABS, search["tab"]),
    range: oneOf(RANGES, search["range"]),
    state: oneOf(DELIVERY_STATES, search["state"]),
    kind: oneOf(DELIVERY_KINDS, search["kind"]),
    event: oneOf(SUBSCRIPTIONS, search["event"]),
    // Before there was a search, links named the message.
    search: textOf(search["search"] ?? search["wamid"]),
    answer: textOf(search["answer"]),
    recovery: textOf(search["recovery"]),
    since: textOf(search["since"]),
    until: textOf(search["until"]),
    by: oneOf(["tried"] as const, search["by"]),
    delivery: textOf(search["delivery"]),
  }),
  component: page(() => import("../features/webhooks/endpoint-page.tsx"), "EndpointPage"),
});

/** Any other address: inside the shell, for those who are signed in. */
const elsewhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });

/** Every value is a text as it stands: with the router's own JSON a search for 4821 would be `?search=%224821%22`. */
function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}
function stringifySearch(search: Record<string, unknown>): string {
  const texts = Object.entries(search).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
  );
  return texts.length === 0 ? "" : `?${new URLSearchParams(texts).toString()}`;
}

export const router = createRouter({
  parseSearch,
  stringifySearch,
  routeTree: root.addChildren([
    signIn,
    signInLink,
    welcome,
    shell.addChildren([
      start,
      firstSteps,
      inbox.addChildren([inboxConversation]),
      sandbox,
      simulator,
      journal,
      journalWebhook,
      unmatched,
      templates,
      template,
      newTemplate,
      templateDraft,
      templateGroups,
      templateMedia,
      settings,
      apiKeys,
      docs,
      doc,
      webhooks,
      typedWebhooks,
      endpoint,
      elsewhere,
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageError,
  defaultPendingComponent: PagePending,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: false,
});

/** Begins to fetch the code of the page at `path`, while it isn't known yet who is signed in. */
export function fetchPage(path: string): void {
  for (const { routeId } of router.matchRoutes(path, {}))
    // A failure is thrown where the page is drawn.
    void router.loadRouteChunk(router.routesById[routeId])?.catch(() => {});
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
