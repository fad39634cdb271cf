import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { ApiProblem } from "../lib/api.ts";
import { page } from "../lib/chunks.ts";
import { conversationsQuery, meQuery, queryClient } from "../lib/queries.ts";
import type {
  ConversationStatus,
  DeliveryKind,
  DeliveryState,
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
const UNMATCHED_KINDS: readonly UnmatchedKind[] = ["status", "reaction", "edit", "revoke"];
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
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

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
    return { me };
  },
});

const start = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: async ({ context }) => {
    if (context.me.mode === "sandbox") {
      const conversations = await queryClient.ensureInfiniteQueryData(conversationsQuery({}));
      if (conversations.pages[0]?.data.length === 0) throw redirect({ to: "/sandbox" });
    }
    throw redirect({ to: "/inbox" });
  },
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

const journal = createRoute({
  getParentRoute: () => shell,
  path: "/journal",
  validateSearch: (search): { state?: JournalState | undefined; webhook?: string | undefined } => ({
    state: oneOf(JOURNAL_STATES, search["state"]),
    webhook: textOf(search["webhook"]),
  }),
  component: page(() => import("../features/journal/journal-page.tsx"), "JournalPage"),
});

const unmatched = createRoute({
  getParentRoute: () => shell,
  path: "/journal/unmatched",
  validateSearch: (search): { kind?: UnmatchedKind | undefined } => ({
    kind: oneOf(UNMATCHED_KINDS, search["kind"]),
  }),
  component: page(() => import("../features/journal/unmatched-page.tsx"), "UnmatchedPage"),
});

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: "/settings/webhooks",
  component: page(() => import("../features/webhooks/webhooks-page.tsx"), "WebhooksPage"),
});

export interface EndpointSearch {
  tab?: (typeof ENDPOINT_TABS)[number] | undefined;
  /** Of the charts. */
  range?: StatsRange | undefined;
  /** Filters of the deliveries, and the one that is open. */
  state?: DeliveryState | undefined;
  kind?: DeliveryKind | undefined;
  event?: Subscription | undefined;
  wamid?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  /** Of that time: their arrival, unless it is `tried`. */
  by?: "tried" | undefined;
  delivery?: string | undefined;
}
const endpoint = createRoute({
  getParentRoute: () => shell,
  path: "/settings/webhooks/$endpoint_id",
  validateSearch: (search): EndpointSearch => ({
    tab: oneOf(ENDPOINT_TABS, search["tab"]),
    range: oneOf(RANGES, search["range"]),
    state: oneOf(DELIVERY_STATES, search["state"]),
    kind: oneOf(DELIVERY_KINDS, search["kind"]),
    event: oneOf(SUBSCRIPTIONS, search["event"]),
    wamid: textOf(search["wamid"]),
    since: textOf(search["since"]),
    until: textOf(search["until"]),
    by: oneOf(["tried"] as const, search["by"]),
    delivery: textOf(search["delivery"]),
  }),
  component: page(() => import("../features/webhooks/endpoint-page.tsx"), "EndpointPage"),
});

/** Any other address: inside the shell, for those who are signed in. */
const elsewhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signInLink,
    welcome,
    shell.addChildren([
      start,
      inbox.addChildren([inboxConversation]),
      sandbox,
      simulator,
      journal,
      unmatched,
      webhooks,
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

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
