import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Body, GraphPart, GraphRequest, GraphWorld } from "./graph-calls.ts";
import { readParameters, word } from "./graph-checks.ts";
import { GraphFault, graphFault, missing, unknownObject } from "./graph-faults.ts";
import { type FlowError, validateFlow } from "./graph-flow-json.ts";
import { chosen, type NodeType, page } from "./graph-page.ts";
import { Download } from "./graph-server.ts";
import { fieldUpdate } from "./updates.ts";

interface Flow {
  id: string;
  waba_id: string;
  name: string;
  status: "DRAFT" | "PUBLISHED" | "DEPRECATED" | "BLOCKED" | "THROTTLED";
  categories: string[];
  endpoint_uri: string | null;
  json: string;
  errors: FlowError[];
  updated_at: number;
  preview_token: string;
}

/** Source: Meta's reference of the Flows API. */
const CATEGORIES = [
  "SIGN_UP",
  "SIGN_IN",
  "APPOINTMENT_BOOKING",
  "LEAD_GENERATION",
  "SHOPPING",
  "CONTACT_US",
  "CUSTOMER_SUPPORT",
  "SURVEY",
  "OTHER",
] as const;
const metadata = z.object({
  name: z.string().min(1).max(200),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  endpoint_uri: z.url({ protocol: /^https$/ }).optional(),
});
/** The Flow JSON comes as a string, or as what a string like that was read as. */
const flowJson = z.union([z.string(), z.looseObject({})]).optional();
const created = metadata.extend({
  categories: metadata.shape.categories.default(["OTHER"]),
  clone_flow_id: z.string().optional(),
  flow_json: flowJson,
  publish: z.union([z.boolean(), z.stringbool()]).default(false),
});
const migrated = z.object({
  source_waba_id: word,
  source_flow_names: z.union([z.array(z.string()), z.string().transform((names) => names.split(","))]),
});
const PREVIEW_MS = 30 * 86_400_000;

/** Forms inside WhatsApp: drafts, what is wrong with them, publishing, and their end. */
export function flowPart(world: GraphWorld): GraphPart {
  const kept = new Map<string, Flow>();
  const now = () => world.clock.now();

  function setJson(flow: Flow, given: unknown): void {
    flow.json = typeof given === "string" ? given : JSON.stringify(given);
    flow.errors = validateFlow(flow.json);
    flow.updated_at = now();
  }

  /** Drafts alone can be changed; what was published is cloned. */
  function draft(id: string): Flow {
    const flow = kept.get(id)!;
    if (flow.status !== "DRAFT")
      throw new GraphFault(139001, "A Flow that was published can't be updated; clone it.", {
        user_title: "Flow can't be updated",
      });
    return flow;
  }

  function requireName(waba_id: string, name: string, except?: Flow): void {
    for (const flow of kept.values())
      if (flow !== except && flow.waba_id === waba_id && flow.name === name)
        throw new GraphFault(100, "Another Flow of this account has the name already.", {
          user_title: "Flow name is not unique",
        });
  }

  async function publish(flow: Flow): Promise<void> {
    if (flow.status !== "DRAFT")
      throw new GraphFault(139002, "Only a draft can be published.", {
        user_title: "Publishing Flow in invalid state",
      });
    if (flow.errors.length > 0)
      throw new GraphFault(139002, "The Flow JSON has errors; see validation_errors of the Flow.", {
        user_title: "Publishing Flow with validation errors",
      });
    await moveTo(flow, "PUBLISHED");
  }

  async function moveTo(flow: Flow, status: Flow["status"]): Promise<void> {
    const { status: old_status } = flow;
    flow.status = status;
    flow.updated_at = now();
    const value = {
      event: "FLOW_STATUS_CHANGE",
      message: `Flow ${flow.name} changed status from ${old_status} to ${status}`,
      flow_id: flow.id,
      old_status,
      new_status: status,
    };
    const time = Math.floor(now() / 1_000);
    void world.later(async () => {
      await world.deliver([
        fieldUpdate({ waba_id: flow.waba_id, number: null, field: "flows", value, time }),
      ]);
    });
  }

  return {
    kindOf: (id) => (kept.has(id) ? "flow" : undefined),
    accountOf: (id) => kept.get(id)?.waba_id,
    rows: {
      "GET account flows": (request) =>
        page(
          request,
          [...kept.values()]
            .filter(({ waba_id }) => waba_id === request.id)
            .toReversed()
            .map((flow) => chosen(request, describe(world, request, flow), FLOW)),
        ),
      async "POST account flows"(request) {
        const { id: waba_id } = request;
        const {
          clone_flow_id,
          flow_json,
          publish: atOnce,
          ...about
        } = await readParameters(request, created);
        requireName(waba_id, about.name);
        const source = clone_flow_id === undefined ? undefined : kept.get(clone_flow_id);
        if (clone_flow_id !== undefined && !source) throw unknownObject("post", clone_flow_id);
        const flow: Flow = {
          id: world.newNumber(),
          waba_id,
          status: "DRAFT",
          name: about.name,
          categories: about.categories,
          endpoint_uri: about.endpoint_uri ?? source?.endpoint_uri ?? null,
          json: "",
          errors: [],
          updated_at: now(),
          preview_token: newToken(),
        };
        setJson(flow, flow_json ?? source?.json ?? EMPTY);
        kept.set(flow.id, flow);
        if (atOnce && flow.errors.length === 0) await publish(flow);
        return { id: flow.id, success: true, validation_errors: flow.errors };
      },
      "GET flow": (request) => chosen(request, describe(world, request, kept.get(request.id)!), FLOW),
      async "POST flow"(request) {
        const flow = draft(request.id);
        const { name, categories, endpoint_uri } = await readParameters(request, metadata.partial());
        if (name !== undefined) requireName(flow.waba_id, name, flow);
        flow.name = name ?? flow.name;
        flow.categories = categories ?? flow.categories;
        flow.endpoint_uri = endpoint_uri ?? flow.endpoint_uri;
        flow.updated_at = now();
        return { success: true };
      },
      "DELETE flow"({ id }) {
        if (kept.get(id)!.status !== "DRAFT")
          throw new GraphFault(139004, "Only a draft can be deleted; deprecate what was published.", {
            user_title: "Deleting Flow in invalid state",
          });
        kept.delete(id);
        return { success: true };
      },
      "GET flow assets": (request) =>
        page(request, [
          {
            name: "flow.json",
            asset_type: "FLOW_JSON",
            download_url: `${request.base_url}/public/flows/${request.id}.json`,
          },
        ]),
      async "POST flow assets"(request) {
        const flow = draft(request.id);
        setJson(flow, await assetOf(request));
        return { success: true, validation_errors: flow.errors };
      },
      async "POST flow publish"({ id }) {
        await publish(kept.get(id)!);
        return { success: true };
      },
      async "POST account migrate_flows"(request) {
        const asked = await readParameters(request, migrated);
        if (!world.waba_ids.includes(asked.source_waba_id)) throw unknownObject("post", asked.source_waba_id);
        const migrated_flows: unknown[] = [];
        const failed_flows: unknown[] = [];
        for (const source_name of asked.source_flow_names) {
          const source = [...kept.values()].find(
            ({ waba_id, name }) => waba_id === asked.source_waba_id && name === source_name,
          );
          const isTaken = [...kept.values()].some(
            ({ waba_id, name }) => waba_id === request.id && name === source_name,
          );
          if (!source || isTaken) {
            const why = source
              ? "Flow with the same name exists in destination WABA."
              : "There is no such flow in source WABA.";
            failed_flows.push({
              source_name,
              error_code: "4233041",
              error_message: `Flows Migration Error: ${why}`,
            });
            continue;
          }
          const copy = { ...source, id: world.newNumber(), waba_id: request.id, status: "DRAFT" as const };
          kept.set(copy.id, copy);
          migrated_flows.push({ source_name, source_id: source.id, migrated_id: copy.id });
        }
        return { migrated_flows, failed_flows };
      },
      async "POST flow deprecate"({ id }) {
        const flow = kept.get(id)!;
        if (flow.status !== "PUBLISHED")
          throw new GraphFault(139003, "Only a published Flow can be deprecated.", {
            user_title: "Deprecating Flow in invalid state",
          });
        await moveTo(flow, "DEPRECATED");
        return { success: true };
      },
      "GET public flows/*"({ rest: [, name = ""] }) {
        const flow = kept.get(name.replace(/\.json$/, ""));
        if (!flow) throw unknownObject("get", name);
        return new Download({ bytes: Buffer.from(flow.json), mime_type: "application/json" });
      },
    },
  };
}

const EMPTY = JSON.stringify({
  version: "7.0",
  screens: [
    {
      id: "WELCOME_SCREEN",
      title: "Welcome",
      terminal: true,
      success: true,
      layout: {
        type: "SingleColumnLayout",
        children: [
          {
            type: "Footer",
            label: "Complete",
            "on-click-action": { name: "complete", payload: {} },
          },
        ],
      },
    },
  ],
});

const FLOW: NodeType = {
  name: "WhatsAppBusinessFlow",
  usual: ["id", "name", "status", "categories", "validation_errors"],
  more: ["data_api_version", "data_channel_uri", "endpoint_uri", "json_version", "metric"],
};

const newToken = () => randomBytes(16).toString("hex");

function describe(world: GraphWorld, request: GraphRequest, flow: Flow): Body {
  const { id, waba_id, name, status, categories, endpoint_uri, errors, updated_at } = flow;
  const fields = request.query.get("fields") ?? "";
  // `preview.invalidate(true)` asks for a new link.
  if (/preview\.invalidate\(true\)/.test(fields)) flow.preview_token = newToken();
  const { version, data_api_version } = readJson(flow.json);
  return {
    id,
    name,
    status,
    categories,
    validation_errors: errors,
    ...(typeof version === "string" ? { json_version: version } : {}),
    ...(typeof data_api_version === "string" ? { data_api_version } : {}),
    ...(endpoint_uri === null ? {} : { endpoint_uri, data_channel_uri: endpoint_uri }),
    updated_at: graphTime(updated_at),
    preview: {
      preview_url: `https://business.facebook.com/wa/manage/flows/${id}/preview/?token=${flow.preview_token}`,
      expires_at: graphTime(world.clock.now() + PREVIEW_MS),
    },
    whatsapp_business_account: { id: waba_id, name: "Fjord & Fell", currency: "USD", timezone_id: "1" },
    application: { id: world.app.id, name: world.app.name, link: "https://example.org/" },
    ...(/\bmetric\b/.test(fields) ? { metric: metricOf(fields) } : {}),
    health_status: {
      can_send_message: status === "PUBLISHED" ? "AVAILABLE" : "LIMITED",
      entities: [
        { entity_type: "FLOW", id, can_send_message: status === "PUBLISHED" ? "AVAILABLE" : "BLOCKED" },
      ],
    },
  };
}

/** `metric.name(…).granularity(…)`: there are no people that open flows by themselves, so none was counted. */
function metricOf(fields: string): Body {
  const said = (name: string) => new RegExp(`${name}\\(([A-Z_]+)\\)`).exec(fields)?.[1];
  return { granularity: said("granularity") ?? "LIFETIME", name: said("name"), data_points: [] };
}

function readJson(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/** As Graph writes times, with the offset of UTC. */
const graphTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "+0000");

/** The file of a form, in which it is called `file`. */
async function assetOf({ parameters, files }: GraphRequest): Promise<string> {
  const { file, asset_type, name } = await parameters();
  if (asset_type !== "FLOW_JSON") throw graphFault("(#100) Param asset_type must be one of {FLOW_JSON}");
  if (name === undefined) throw missing("name");
  const uploaded = (await files())["file"];
  if (uploaded) return uploaded.bytes.toString();
  if (typeof file === "string") return file;
  throw missing("file");
}
