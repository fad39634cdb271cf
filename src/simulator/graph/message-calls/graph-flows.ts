import { z } from "zod";
import { createFlowBook, type Flow, type FlowBook, newToken } from "./flow-book.ts";
import { type Body, graphFault, missing, parsedJson, unknownObject } from "../protocol/protocol.ts";
import {
  chosen,
  Download,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  type NodeType,
  page,
  readParameters,
  word,
} from "../calls/calls.ts";

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
  const flows = createFlowBook(world);
  const found = ({ id }: GraphRequest) => flows.find(id)!;
  const told = (request: GraphRequest, flow: Flow) => chosen(request, describe(world, request, flow), FLOW);
  return {
    kindOf: (id) => (flows.find(id) ? "flow" : undefined),
    accountOf: (id) => flows.find(id)?.waba_id,
    rows: {
      "GET account flows": (request) =>
        page(
          request,
          flows.list(request.id).map((flow) => told(request, flow)),
        ),
      "POST account flows": (request) => create(flows, request),
      "POST account migrate_flows": (request) => migrate(world, flows, request),
      "GET flow": (request) => told(request, found(request)),
      async "POST flow"(request) {
        const flow = flows.draft(request.id);
        const { name, categories, endpoint_uri } = await readParameters(request, metadata.partial());
        if (name !== undefined) flows.requireName(flow.waba_id, name, flow);
        flow.name = name ?? flow.name;
        flow.categories = categories ?? flow.categories;
        flow.endpoint_uri = endpoint_uri ?? flow.endpoint_uri;
        flow.updated_at = world.clock.now();
        return { success: true };
      },
      "DELETE flow"(request) {
        flows.delete(found(request));
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
        const flow = flows.draft(request.id);
        flows.setJson(flow, await assetOf(request));
        return { success: true, validation_errors: flow.errors };
      },
      "POST flow publish"(request) {
        flows.publish(found(request));
        return { success: true };
      },
      "POST flow deprecate"(request) {
        flows.deprecate(found(request));
        return { success: true };
      },
      "GET public flows/*"({ rest: [, name = ""] }) {
        const flow = flows.find(name.replace(/\.json$/, ""));
        if (!flow) throw unknownObject("get", name);
        return new Download({ bytes: Buffer.from(flow.json), mime_type: "application/json" });
      },
    },
  };
}

async function create(flows: FlowBook, request: GraphRequest) {
  const { id: waba_id } = request;
  const asked = await readParameters(request, created);
  const { clone_flow_id, flow_json, name, categories, endpoint_uri } = asked;
  flows.requireName(waba_id, name);
  const source = clone_flow_id === undefined ? undefined : flows.find(clone_flow_id);
  if (clone_flow_id !== undefined && !source) throw unknownObject("post", clone_flow_id);
  const flow = flows.create(
    { waba_id, name, categories, endpoint_uri: endpoint_uri ?? source?.endpoint_uri ?? null },
    flow_json ?? source?.json,
  );
  if (asked.publish && flow.errors.length === 0) flows.publish(flow);
  return { id: flow.id, success: true, validation_errors: flow.errors };
}

/** From another account of the same business, by their names. */
async function migrate({ waba_ids }: GraphWorld, flows: FlowBook, request: GraphRequest) {
  const { source_waba_id, source_flow_names } = await readParameters(request, migrated);
  if (!waba_ids.includes(source_waba_id)) throw unknownObject("post", source_waba_id);
  const migrated_flows: unknown[] = [];
  const failed_flows: unknown[] = [];
  for (const source_name of source_flow_names) {
    const named = (waba_id: string) => flows.list(waba_id).find(({ name }) => name === source_name);
    const source = named(source_waba_id);
    if (source && !named(request.id)) {
      const copy = flows.create({ ...source, waba_id: request.id }, source.json);
      migrated_flows.push({ source_name, source_id: source.id, migrated_id: copy.id });
      continue;
    }
    const why = source
      ? "Flow with the same name exists in destination WABA."
      : "There is no such flow in source WABA.";
    failed_flows.push({
      source_name,
      error_code: "4233041",
      error_message: `Flows Migration Error: ${why}`,
    });
  }
  return { migrated_flows, failed_flows };
}

const FLOW: NodeType = {
  name: "WhatsAppBusinessFlow",
  usual: ["id", "name", "status", "categories", "validation_errors"],
  more: ["data_api_version", "data_channel_uri", "endpoint_uri", "json_version", "metric"],
};

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
    return parsedJson(text) as Body;
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
