import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { ApiProblem } from "../lib/server/api.ts";
import { page } from "../lib/page/chunks.ts";
import { meQuery, queryClient, sandboxQuery } from "../lib/server/queries.ts";
import { isOpen, manages, setupQuery } from "../lib/server/setup.ts";
import { NotFound } from "./not-found.tsx";
import { PageError } from "./page-error.tsx";
import { PagePending } from "./page-pending.tsx";
import { asksOf, fetchParts } from "./first-page.ts";
import {
  automationFilter,
  automationParts,
  contactFilter,
  campaignFilter,
  campaignPeople,
  campaignReportFilter,
  campaignStep,
  importSearch,
  consentFilter,
  endpointSearch,
  inboxSearch,
  journalFilter,
  parseSearch,
  stringifySearch,
  templateFilter,
  textOf,
  unmatchedSearch,
} from "./search.ts";
import { Shell } from "./shell.tsx";

/** Every page of Wharf, in one file. What one looks at (filter, search, open drawer) is in the address: each view is a link. */

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

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation/$token",
  component: page(() => import("../features/sign-in/invitation-page.tsx"), "InvitationPage"),
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
  // What it says is there when the page is drawn first, so that nothing moves; but no page waits for it for long.
  loader: async ({ context: { me } }) => {
    if (me.mode === "sandbox") await soon(queryClient.prefetchQuery(sandboxQuery));
  },
});

const start = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: async ({ context }) => {
    // Without an answer one begins in the Inbox.
    const setup = manages(context.me) ? await queryClient.fetchQuery(setupQuery).catch(() => null) : null;
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
  validateSearch: inboxSearch,
  loader: asksOf("inbox"),
  component: page(() => import("../features/inbox/inbox-page.tsx"), "InboxPage"),
});
/** The page itself reads `conversation_id`, so that the list stays mounted from one conversation to the next. */
const inboxConversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversation_id",
  loader: asksOf("conversation"),
});

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
  validateSearch: journalFilter,
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
  validateSearch: journalFilter,
  component: page(() => import("../features/journal/webhook-page.tsx"), "WebhookPage"),
});

const unmatched = createRoute({
  getParentRoute: () => shell,
  path: "/journal/unmatched",
  validateSearch: unmatchedSearch,
  component: page(() => import("../features/journal/unmatched-page.tsx"), "UnmatchedPage"),
});

const templatePages = () => import("../features/templates/pages.ts");
const consentLedger = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/consent",
  validateSearch: consentFilter,
  component: page(() => import("../features/consent/pages.ts"), "LedgerPage"),
});
const blacklist = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/blacklist",
  validateSearch: (search): { search?: string | undefined } => ({ search: textOf(search["search"]) }),
  component: page(() => import("../features/consent/pages.ts"), "BlacklistPage"),
});
const consentWords = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/words",
  component: page(() => import("../features/consent/pages.ts"), "WordsPage"),
});
const marketingLimits = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/limits",
  component: page(() => import("../features/consent/pages.ts"), "LimitsPage"),
});

const templates = createRoute({
  getParentRoute: () => shell,
  path: "/templates",
  validateSearch: templateFilter,
  component: page(templatePages, "TemplatesPage"),
});
const template = createRoute({
  getParentRoute: () => shell,
  path: "/templates/$template_id",
  component: page(templatePages, "TemplatePage"),
});
const newTemplate = createRoute({
  getParentRoute: () => shell,
  path: "/templates/new",
  component: page(templatePages, "NewTemplatePage"),
});
const templateDraft = createRoute({
  getParentRoute: () => shell,
  path: "/templates/drafts/$draft_id",
  component: page(templatePages, "DraftPage"),
});
const templateGroups = createRoute({
  getParentRoute: () => shell,
  path: "/templates/groups",
  component: page(templatePages, "GroupsPage"),
});
const templateMedia = createRoute({
  getParentRoute: () => shell,
  path: "/templates/media",
  component: page(templatePages, "MediaPage"),
});

const contactPages = () => import("../features/contacts/pages.ts");
const contacts = createRoute({
  getParentRoute: () => shell,
  path: "/contacts",
  validateSearch: contactFilter,
  component: page(contactPages, "ContactsPage"),
});
const contact = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/$contact_id",
  component: page(contactPages, "ContactPage"),
});
const contactLists = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/lists",
  component: page(contactPages, "ListsPage"),
});
const contactTags = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/tags",
  component: page(contactPages, "TagsPage"),
});
const contactFields = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/fields",
  component: page(contactPages, "FieldsPage"),
});
const segments = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/segments",
  component: page(contactPages, "SegmentsPage"),
});
/** `new` is one that is not there yet. */
const segment = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/segments/$segment_id",
  component: page(contactPages, "SegmentPage"),
});

const imports = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/imports",
  component: page(() => import("../features/imports/pages.ts"), "ImportsPage"),
});
/** One of them, or `new`: for a campaign, where one is named, or for the blacklist. */
const oneImport = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/imports/$import_id",
  validateSearch: importSearch,
  component: page(() => import("../features/imports/pages.ts"), "ImportPage"),
});

const campaignPages = () => import("../features/campaigns/pages.ts");
const campaigns = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns",
  validateSearch: campaignFilter,
  component: page(campaignPages, "CampaignsPage"),
});
/** The people below the figures are those that the address names. */
const campaign = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns/$campaign_id",
  validateSearch: campaignPeople,
  component: page(campaignPages, "CampaignPage"),
});
const campaignDraft = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns/$campaign_id/edit",
  validateSearch: campaignStep,
  component: page(campaignPages, "WizardPage"),
});
const campaignReport = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns/report",
  validateSearch: campaignReportFilter,
  component: page(campaignPages, "ReportPage"),
});

const automations = createRoute({
  getParentRoute: () => shell,
  path: "/automations",
  validateSearch: automationFilter,
  component: page(() => import("../features/automations/list/list.tsx"), "AutomationsPage"),
});
/** The step that is open, or the people whose runs are listed, are those that the address names. */
const automation = createRoute({
  getParentRoute: () => shell,
  path: "/automations/$automation_id",
  validateSearch: automationParts,
  component: page(() => import("../features/automations/editor/editor.tsx"), "AutomationPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: page(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});

const connectionPages = () => import("../features/connections/pages.ts");
const connections = createRoute({
  getParentRoute: () => shell,
  path: "/settings/connections",
  component: page(connectionPages, "ConnectionsPage"),
});
/** The steps to a first message; from the second one on the address names the connection. */
const connect = createRoute({
  getParentRoute: () => shell,
  path: "/settings/connections/connect",
  validateSearch: (search): { connection?: string | undefined } => ({
    connection: textOf(search["connection"]),
  }),
  component: page(connectionPages, "ConnectPage"),
});
const number = createRoute({
  getParentRoute: () => shell,
  path: "/settings/numbers/$number_id",
  component: page(connectionPages, "NumberPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: "/settings/api-keys",
  component: page(() => import("../features/settings/api-keys-page.tsx"), "ApiKeysPage"),
});

const prices = createRoute({
  getParentRoute: () => shell,
  path: "/settings/prices",
  component: page(() => import("../features/prices/prices-page.tsx"), "PricesPage"),
});

const peoplePages = () => import("../features/people/pages.ts");
const people = createRoute({
  getParentRoute: () => shell,
  path: "/settings/people",
  component: page(peoplePages, "PeoplePage"),
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: "/settings/roles",
  component: page(peoplePages, "RolesPage"),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/settings/audit",
  component: page(peoplePages, "AuditPage"),
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
  validateSearch: endpointSearch,
  loader: asksOf("endpoint"),
  component: page(() => import("../features/webhooks/endpoint-page.tsx"), "EndpointPage"),
});

/** Any other address: inside the shell, for those who are signed in. */
const elsewhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });

export const router = createRouter({
  parseSearch,
  stringifySearch,
  routeTree: root.addChildren([
    signIn,
    signInLink,
    welcome,
    invitation,
    shell.addChildren([
      start,
      firstSteps,
      inbox.addChildren([inboxConversation]),
      sandbox,
      simulator,
      journal,
      journalWebhook,
      unmatched,
      contacts,
      contact,
      contactLists,
      contactTags,
      contactFields,
      segments,
      segment,
      consentLedger,
      blacklist,
      consentWords,
      marketingLimits,
      templates,
      template,
      newTemplate,
      templateDraft,
      templateGroups,
      templateMedia,
      imports,
      oneImport,
      campaigns,
      campaign,
      campaignDraft,
      campaignReport,
      automations,
      automation,
      settings,
      connections,
      connect,
      number,
      apiKeys,
      prices,
      people,
      roles,
      audit,
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

/**
 * Begins to fetch the code of the page at this address, while it isn't known yet who is signed in. Resolves when its
 * parts are there, or it is time to draw the page without them.
 */
export function fetchPage({ pathname, search }: Pick<Location, "pathname" | "search">): Promise<unknown> {
  for (const { routeId } of router.matchRoutes(pathname, {}))
    // A failure is thrown where the page is drawn.
    void router.loadRouteChunk(router.routesById[routeId])?.catch(() => {});
  return soon(fetchParts(pathname, parseSearch(search)));
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
