import { tableOf } from "../../base/base.ts";
import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { sql, type Tx } from "../../db/db.ts";
import { readPricer } from "../../costs/costs.ts";
import { getPhoneNumber } from "../../sending/sending.ts";
import {
  audienceSql,
  isMarketing,
  isSendable,
  readTemplates,
  startOf,
  type CampaignRow,
  type CampaignTemplate,
  type CampaignTemplates,
} from "../definition/definition.ts";
import { readSending, refusalHold, templateObstacle } from "./obstacles.ts";
import { dayOfStart, estimateCost } from "./estimate-cost.ts";
import { linkFaults } from "./link-checks.ts";
import { placeWords, readPreviews } from "./previews.ts";
import { readReach, type ReadReach } from "./reach.ts";

type Review = z.infer<typeof shapes.Review>;
type Check = shapes.Check;

const WEEK_MS = 7 * 86_400_000;
const MINUTE_MS = 60_000;
/** What Meta lets a portfolio begin with. */
const LIMITS = tableOf<number>({
  TIER_50: 50,
  TIER_250: 250,
  TIER_1K: 1_000,
  TIER_2K: 2_000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
});

const CATEGORY_WORDS = tableOf<string>({
  MARKETING: "Marketing",
  UTILITY: "Utility",
  AUTHENTICATION: "Authentication",
  unknown: "unknown",
});

const ok = (name: Check["name"], says: string): Check => ({ name, level: "ok", says, field: null });
const warning = (name: Check["name"], says: string, field: string | null = null): Check => {
  return { name, level: "warning", says, field };
};
const error = (name: Check["name"], says: string, field: string | null = null): Check => {
  return { name, level: "error", says, field };
};

/** What keeps it from being launched: the checks that need no counting. */
export async function blockingChecks(
  tx: Tx,
  row: CampaignRow,
  now: Date,
  public_url: string | null,
): Promise<Check[]> {
  const templates = await readTemplates(tx, row);
  const checks = [
    ...templateChecks(templates, row),
    ...(await refusalCheck(tx, row, templates)),
    ...variableChecks(templates, row, public_url),
    await connectionCheck(tx, row),
    scheduleCheck(row, now),
    ...(await sourcesChecks(tx, row)),
  ];
  return checks.filter(({ level }) => level === "error");
}

export async function review(
  tx: Tx,
  row: CampaignRow,
  now: Date,
  public_url: string | null,
): Promise<Review> {
  const templates = await readTemplates(tx, row);
  const reach = await readReach(tx, row, now);
  const ready = await readSending(tx, row);
  const number_rate = ready.hold === null ? ready.rate_per_s : 0;
  const rate_per_s = Math.min(number_rate, (row.rate_per_min ?? Infinity) / 60);
  const limit = await limitOf(tx, row);
  const days = limit === null ? null : Math.max(Math.ceil(reach.reached / limit), 1);
  const checks = [
    ...templateChecks(templates, row),
    ...(await refusalCheck(tx, row, templates)),
    categoryCheck(templates),
    ...consentChecks(reach, templates),
    ...valueChecks(variableChecks(templates, row, public_url), reach),
    ...marketingChecks(templates, reach),
    limitCheck(reach.reached, limit, days),
    await connectionCheck(tx, row),
    scheduleCheck(row, now),
    ...(await deletedSources(tx, row)),
    await approvalCheck(tx, row),
  ];
  const { by_country, capped: _capped, quiet: _quiet, ...shown } = reach;
  const category = templates?.members[0]?.category?.toUpperCase() ?? "MARKETING";
  return {
    checks,
    ready: checks.every(({ level }) => level !== "error"),
    reach: shown,
    rate_per_s,
    duration_s: rate_per_s > 0 ? Math.ceil(reach.reached / rate_per_s) : 0,
    days,
    ...estimateCost(await readPricer(tx, row.workspace_id), category, by_country, dayOfStart(row, now)),
    previews: templates === null ? [] : await readPreviews(tx, row, templates, now),
  };
}

function templateChecks(templates: CampaignTemplates | null, row: CampaignRow): Check[] {
  const name = "Template Status";
  const field = row.template_group_id === null ? "template_id" : "template_group_id";
  if (templates === null) return [error(name, "Choose a template or a template group.", "template_id")];
  const hold = templateObstacle(templates);
  if (hold !== null) return [error(name, `${hold.says} Choose another, or wait for Meta.`, field)];
  const others = templates.members.filter((member) => !isSendable(member));
  if (others.length > 0)
    return [
      warning(
        name,
        `${others.length} of the group's ${templates.members.length} templates can't be sent now; its fallback takes their place.`,
        field,
      ),
    ];
  return [ok(name, "Meta has approved it.")];
}

/** What Meta refuses to send, though it lists it as approved. */
async function refusalCheck(tx: Tx, row: CampaignRow, templates: CampaignTemplates | null): Promise<Check[]> {
  const hold = templates === null ? null : await refusalHold(tx, row, templates);
  const field = row.template_group_id === null ? "template_id" : "template_group_id";
  return hold === null ? [] : [error("Template Status", `${hold.says} ${hold.advice}`, field)];
}

function categoryCheck(templates: CampaignTemplates | null): Check {
  const name = "Template Category";
  if (templates === null) return ok(name, "No template is chosen yet.");
  const categories = [...new Set(templates.members.map(({ category }) => category ?? "unknown"))];
  if (categories.length > 1)
    return warning(
      name,
      `The group mixes categories (${categories.map((each) => CATEGORY_WORDS[each] ?? each).join(", ")}); Meta charges each by its own.`,
    );
  if (categories[0] === "unknown")
    return warning(name, "Its category isn't known yet; it is treated as marketing.");
  return templates.members.some(isMarketing)
    ? ok(name, "Marketing: people who opted out don't get it.")
    : ok(
        name,
        `${CATEGORY_WORDS[categories[0]!] ?? categories[0]}: it also reaches people who want no marketing.`,
      );
}

/** One for each thing to know of the audience. Only marketing asks what people want. */
function consentChecks(reach: ReadReach, templates: CampaignTemplates | null): Check[] {
  const name = "Audience Consent";
  if (reach.people === 0) return [error(name, EMPTY_AUDIENCE, "audience")];
  const found: Check[] = [];
  if (reach.reached === 0) found.push(error(name, "No one in the audience can get it.", "audience"));
  const is_marketing = templates === null || templates.members.some(isMarketing);
  if (!is_marketing)
    return found.length > 0 ? found : [ok(name, "This category needs no consent to marketing.")];
  const count = (...states: string[]) =>
    reach.by_consent.filter(({ state }) => states.includes(state)).reduce((sum, one) => sum + one.count, 0);
  const opted_out = count("UNSUBSCRIBED", "NOT_SUBSCRIBED");
  const asked = count("PENDING");
  const unknown = count("UNKNOWN");
  if (opted_out > 0)
    found.push(
      warning(
        name,
        `${people(opted_out, "wants", "want")} no marketing and ${isAre(opted_out)} left out.`,
        "audience",
      ),
    );
  if (asked > 0)
    found.push(
      warning(
        name,
        `${people(asked, "was", "were")} asked, ${asked === 1 ? "has" : "have"} not said yes yet, and ${isAre(asked)} left out.`,
        "audience",
      ),
    );
  if (unknown > 0)
    found.push(
      warning(
        name,
        `${people(unknown, "gets", "get")} it without ever having said that they want marketing.`,
        "audience",
      ),
    );
  return found.length > 0 ? found : [ok(name, "Everyone in the audience agreed to it.")];
}

const EMPTY_AUDIENCE = "The audience is empty. Choose lists, segments, tags or a CSV.";
/** With the verb in its number. */
const people = (n: number, one: string, many: string) =>
  n === 1 ? `1 person ${one}` : `${n.toLocaleString("en-GB")} people ${many}`;
const isAre = (count: number) => (count === 1 ? "is" : "are");

function variableChecks(
  templates: CampaignTemplates | null,
  row: CampaignRow,
  public_url: string | null,
): Check[] {
  const name = "Variables";
  if (templates === null) return [];
  const members = templates.members.filter(isSendable);
  const missing = new Map<string, CampaignTemplate>();
  for (const member of members)
    for (const { place, required } of member.places)
      if (required && row.variables[place] === undefined) missing.set(place, member);
  if (members.some(({ components }) => components === null))
    return [
      error(name, "What the template says isn't known yet. Read the templates from Meta.", "template_id"),
    ];
  const unsupported = members.find((member) => member.unsupported !== null);
  if (unsupported) return [error(name, unsupported.unsupported!, "template_id")];
  const faults = [
    ...[...missing.keys()].map((place) =>
      error(name, `Choose what stands in ${placeWords(place)}.`, `variables.${place}`),
    ),
    ...linkFaults(templates, row, public_url).map(({ place, says }) =>
      error(name, says, `variables.${place}`),
    ),
  ];
  return faults.length > 0 ? faults : [ok(name, "Every place of the template has its value.")];
}

/** With those who have nothing for a place: chosen is not the same as there. */
function valueChecks(checks: readonly Check[], { missing_values: n }: ReadReach): Check[] {
  if (n === 0 || checks.some(({ level }) => level === "error")) return [...checks];
  const says = `${people(n, "has", "have")} no value for a variable and ${isAre(n)} skipped. Set a fallback to reach ${n === 1 ? "them" : "them all"}.`;
  return [warning("Variables", says, "variables")];
}

/** What your own limits would do if it went out now, and what Meta does in the United States. */
function marketingChecks(templates: CampaignTemplates | null, reach: ReadReach): Check[] {
  if (templates?.members.some(isMarketing) === false) return [];
  const { capped, quiet } = reach;
  const american = reach.by_country.find(({ country }) => country === "US")?.people ?? 0;
  const limits = [
    ...(capped === null || capped === 0
      ? []
      : [`${people(capped, "has", "have")} reached your frequency cap and would be skipped.`]),
    ...(quiet === null || quiet.people === 0
      ? []
      : [
          quiet.action === "skip"
            ? `${people(quiet.people, "is", "are")} in quiet hours now and would be skipped.`
            : `${people(quiet.people, "is", "are")} in quiet hours now and would get it when these end.`,
        ]),
  ];
  return [
    ...(limits.length > 0
      ? [
          warning(
            "Marketing Limits",
            `${limits.join(" ")} This is as of now, and may be different at the start.`,
            "schedule",
          ),
        ]
      : capped === null && quiet === null
        ? []
        : [ok("Marketing Limits", "Your marketing limits keep no one out now.")]),
    ...(american === 0
      ? []
      : [
          warning(
            "Countries",
            `${people(american, "has a number", "have numbers")} of the United States. Meta delivers no marketing there: these messages fail (131049).`,
            "audience",
          ),
        ]),
  ];
}

async function limitOf(tx: Tx, row: CampaignRow): Promise<number | null> {
  if (row.phone_number_id === null) return null;
  const number = await getPhoneNumber(tx, row.workspace_id, row.phone_number_id).catch(() => null);
  return LIMITS[number?.messaging_limit ?? ""] ?? null;
}

function limitCheck(count: number, limit: number | null, days: number | null): Check {
  const name = "Messaging Limit";
  if (limit === null || days === null)
    return ok(name, "No limit of Meta's is known for this number, or it has none.");
  if (days === 1) return ok(name, `Within Meta's limit of ${limit.toLocaleString("en")} people in 24 hours.`);
  return warning(
    name,
    `Meta lets this number begin ${limit.toLocaleString("en")} conversations in 24 hours: ${count.toLocaleString("en")} people take ${days} days.`,
    "rate_per_min",
  );
}

async function connectionCheck(tx: Tx, row: CampaignRow): Promise<Check> {
  const name = "Connection";
  if (row.phone_number_id === null)
    return error(name, "Choose the number that it goes out from.", "phone_number_id");
  const ready = await readSending(tx, row);
  if (ready.hold !== null && ready.hold.reason !== "template")
    return error(name, `${ready.hold.says} ${ready.hold.advice}`, "phone_number_id");
  return ok(name, "The number is connected and may send.");
}

function scheduleCheck({ schedule, limited_retry }: CampaignRow, now: Date): Check {
  const name = "Schedule";
  const starts_ms = startOf(schedule) ?? now.getTime();
  if (schedule.kind === "at" && starts_ms < now.getTime() - MINUTE_MS)
    return error(name, "Its time has passed. Choose a later one, or now.", "schedule");
  if (schedule.kind === "local" && starts_ms < now.getTime() - 2 * 86_400_000)
    return error(name, "Its day has passed everywhere. Choose a later one, or now.", "schedule");
  if (limited_retry !== null && Date.parse(limited_retry.until) > starts_ms + WEEK_MS)
    return error(name, "Those that Meta limits can be tried again for 7 days at most.", "limited_retry");
  return ok(
    name,
    schedule.kind === "now" ? "It starts as soon as it is launched." : "It starts by its schedule.",
  );
}

/** What it names and was deleted since. */
async function deletedSources(tx: Tx, row: CampaignRow): Promise<Check[]> {
  const { missing } = (await audienceSql(tx, row, "1970-01-01")).sources;
  return missing === null
    ? []
    : [error("Audience Consent", `${missing} was deleted. Choose the audience again.`, "audience")];
}

/** Whether anyone was chosen at all, without counting them. */
async function sourcesChecks(tx: Tx, row: CampaignRow): Promise<Check[]> {
  const deleted = await deletedSources(tx, row);
  if (deleted.length > 0 || row.audience.include.length > 0) return deleted;
  const added = await tx.first(sql`
    select from campaign_additions where workspace_id = ${row.workspace_id} and campaign_id = ${row.id} limit 1`);
  return added === undefined ? [error("Audience Consent", EMPTY_AUDIENCE, "audience")] : [];
}

async function approvalCheck(tx: Tx, row: CampaignRow): Promise<Check> {
  const workspace = await tx.first<{ campaign_approval: boolean }>(
    sql`select campaign_approval from workspaces where id = ${row.workspace_id}`,
  );
  return workspace!.campaign_approval
    ? warning("Approval", "Another user has to approve it after its launch.")
    : ok("Approval", "No approval is needed.");
}
