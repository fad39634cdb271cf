/** A client of Meta's Graph API. It never repeats a call, never follows a redirect and never throws for Meta's sake. */
import { Readable } from "node:stream";
import { wireOf } from "../message/message.ts";
import { call, carryOut, createClient, pages, type GraphClient } from "./graph-calls.ts";
import { appCalls, numberManagementCalls, readApp } from "./graph-management.ts";
import { mediaCalls } from "./graph-media.ts";
import {
  createdTemplateShape,
  groupShape,
  handleShape,
  numberShape,
  sentShape,
  sessionShape,
  successShape,
  templateShape,
} from "./graph-shapes.ts";
import type { Graph, GraphOptions } from "./graph-types.ts";

export {
  type GraphGroup,
  type GraphNumber,
  type GraphNumberState,
  type GraphProfile,
  type GraphTemplate,
} from "./graph-shapes.ts";
export { GRAPH_VERSION } from "./graph-version.ts";
export {
  type AppSecret,
  type BusinessProfileChange,
  type Called,
  type Failed,
  type Graph,
  type GraphOptions,
  type NewTemplate,
  type Sent,
  type UploadedFile,
} from "./graph-types.ts";

const TEMPLATE_FIELDS =
  "id,name,language,status,category,parameter_format,components,rejected_reason,quality_score";
const GROUP_FIELDS = "subject,description,suspended,total_participant_count,participants,join_approval_mode";
const NUMBER_FIELDS =
  "id,display_phone_number,verified_name,quality_rating,throughput,whatsapp_business_manager_messaging_limit,name_status,code_verification_status,status";

export function createGraph(options: GraphOptions): Graph {
  const client = createClient(options);
  return {
    ...messageCalls(client),
    ...mediaCalls(client),
    ...templateCalls(client),
    ...numberCalls(client),
    ...numberManagementCalls(client),
    ...appCalls(client),
    stop: () => client.http.stop(),
  };
}

const messageCalls = (client: GraphClient): Pick<Graph, "send" | "markRead"> => ({
  async send(phone_number_id, message) {
    const path = `${phone_number_id}/messages`;
    const answer = await call(client, { method: "POST", path, json: wireOf(message), shape: sentShape });
    if (answer.outcome !== "done") return answer;
    const [{ id, message_status }] = answer.value.messages;
    const contact = answer.value.contacts?.[0];
    const { input = null, wa_id = null, user_id = null } = contact ?? {};
    return { outcome: "sent", wamid: id, message_status, input, wa_id, user_id };
  },

  markRead(phone_number_id, wamid, { typing = false } = {}) {
    const json = {
      messaging_product: "whatsapp",
      status: "read",
      message_id: wamid,
      ...(typing ? { typing_indicator: { type: "text" } } : {}),
    };
    const path = `${phone_number_id}/messages`;
    return carryOut(client, { method: "POST", path, json, shape: successShape });
  },
});

type TemplateCalls = Pick<
  Graph,
  "templates" | "createTemplate" | "editTemplate" | "uploadSample" | "deleteTemplate"
>;

const templateCalls = (client: GraphClient): TemplateCalls => ({
  templates: (waba_id) =>
    pages(client, `${waba_id}/message_templates`, { fields: TEMPLATE_FIELDS, limit: "100" }, templateShape),

  createTemplate: (waba_id, template) =>
    call(client, {
      method: "POST",
      path: `${waba_id}/message_templates`,
      json: template,
      shape: createdTemplateShape,
    }),

  editTemplate: (template_id, changes) =>
    carryOut(client, { method: "POST", path: template_id, json: changes, shape: successShape }),

  async uploadSample({ body, size_bytes, mime_type, filename }) {
    const app = await readApp(client);
    if (app.outcome !== "done") return app;
    const query = { file_name: filename, file_length: String(size_bytes), file_type: mime_type };
    const path = `${app.value.id}/uploads`;
    const session = await call(client, { method: "POST", path, query, shape: sessionShape });
    if (session.outcome !== "done") return session;
    const headers = {
      authorization: `OAuth ${await client.token()}`,
      "content-type": "application/octet-stream",
      "content-length": String(size_bytes),
      file_offset: "0",
    };
    const file = { body: Buffer.isBuffer(body) ? Readable.from([body]) : body, headers };
    const stored = await call(client, { method: "POST", path: session.value.id, file, shape: handleShape });
    return stored.outcome === "done" ? { outcome: "done", value: { handle: stored.value.h } } : stored;
  },

  deleteTemplate: (waba_id, name, template_id) =>
    carryOut(client, {
      method: "DELETE",
      path: `${waba_id}/message_templates`,
      query: { name, hsm_id: template_id },
      shape: successShape,
    }),
});

const numberCalls = (client: GraphClient): Pick<Graph, "phoneNumbers" | "phoneNumber" | "group"> => ({
  phoneNumbers: (waba_id) =>
    pages(client, `${waba_id}/phone_numbers`, { fields: NUMBER_FIELDS, limit: "100" }, numberShape),

  phoneNumber: (phone_number_id) =>
    call(client, {
      method: "GET",
      path: phone_number_id,
      query: { fields: NUMBER_FIELDS },
      shape: numberShape,
    }),

  group: (group_id) =>
    call(client, { method: "GET", path: group_id, query: { fields: GROUP_FIELDS }, shape: groupShape }),
});
