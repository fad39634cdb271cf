/** The contract's table, answered: each line binds a question of the screens to the caller's workspace. */
import { connectionHandlers, numberHandlers } from "../connections/connections.ts";
import type { Handlers } from "../http/http.ts";
import { audienceHandlers } from "./audience-handlers.ts";
import { automationHandlers } from "./automation-handlers.ts";
import { campaignHandlers, campaignReportHandlers, costHandlers } from "./campaign-handlers.ts";
import { consentHandlers } from "./consent-handlers.ts";
import { deliveryHandlers } from "./delivery-handlers.ts";
import { endpointHandlers } from "./endpoint-handlers.ts";
import type { HandlerDeps } from "./handler-deps.ts";
import { importHandlers } from "./import-handlers.ts";
import { inboxHandlers } from "./inbox-handlers.ts";
import { installationHandlers } from "./installation-handlers.ts";
import { journalHandlers } from "./journal-handlers.ts";
import { memberHandlers } from "./member-handlers.ts";
import { noticeHandlers } from "./notice-handlers.ts";
import { peopleHandlers } from "./people-handlers.ts";
import { sandboxHandlers } from "./sandbox-handlers.ts";
import { templateHandlers } from "./template-handlers.ts";
import { workspaceHandlers } from "./workspace-handlers.ts";

export type { HandlerDeps } from "./handler-deps.ts";

/** A route that none of them answers does not compile. */
export const createHandlers = (deps: HandlerDeps): Handlers => ({
  ...workspaceHandlers(deps),
  ...connectionHandlers(deps),
  ...numberHandlers(deps),
  ...memberHandlers(deps),
  ...inboxHandlers(deps),
  ...audienceHandlers(deps),
  ...peopleHandlers(deps),
  ...importHandlers(deps),
  ...automationHandlers(deps),
  ...campaignReportHandlers(deps),
  ...consentHandlers(deps),
  ...costHandlers(deps),
  ...noticeHandlers(deps),
  ...templateHandlers(deps),
  ...campaignHandlers(deps),
  ...journalHandlers(deps),
  ...endpointHandlers(deps),
  ...deliveryHandlers(deps),
  ...sandboxHandlers(deps),
  ...installationHandlers(deps),
});
