import { randomBytes } from "node:crypto";
import type { GraphWorld } from "../calls/calls.ts";
import { GraphFault } from "../protocol/protocol.ts";
import { type FlowError, validateFlow } from "./graph-flow-json.ts";
import { fieldUpdate } from "../../world/world.ts";

export interface Flow {
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

/** The flows of all accounts, and the states that they go through. Throws the fault of what a state doesn't allow. */
export interface FlowBook {
  find(id: string): Flow | undefined;
  /** The newest first. */
  list(waba_id: string): Flow[];
  create(about: Pick<Flow, "waba_id" | "name" | "categories" | "endpoint_uri">, json: unknown): Flow;
  /** Drafts alone can be changed; what was published is cloned. */
  draft(id: string): Flow;
  requireName(waba_id: string, name: string, except?: Flow): void;
  setJson(flow: Flow, json: unknown): void;
  publish(flow: Flow): void;
  deprecate(flow: Flow): void;
  delete(flow: Flow): void;
}

const wrong = (code: number, details: string, user_title: string) =>
  new GraphFault(code, details, { user_title });

export function createFlowBook(world: GraphWorld): FlowBook {
  const kept = new Map<string, Flow>();
  const now = () => world.clock.now();

  function moveTo(flow: Flow, new_status: Flow["status"]): void {
    const { status: old_status, waba_id, name, id: flow_id } = flow;
    flow.status = new_status;
    flow.updated_at = now();
    const message = `Flow ${name} changed status from ${old_status} to ${new_status}`;
    const value = { event: "FLOW_STATUS_CHANGE", message, flow_id, old_status, new_status };
    const time = Math.floor(now() / 1_000);
    void world.later(async () => {
      await world.deliver([fieldUpdate({ waba_id, number: null, field: "flows", value, time })]);
    });
  }

  const book: FlowBook = {
    find: (id) => kept.get(id),
    list: (waba_id) => [...kept.values()].filter((flow) => flow.waba_id === waba_id).toReversed(),
    create(about, json) {
      const flow: Flow = {
        ...about,
        id: world.newNumber(),
        status: "DRAFT",
        json: "",
        errors: [],
        updated_at: now(),
        preview_token: newToken(),
      };
      book.setJson(flow, json ?? EMPTY);
      kept.set(flow.id, flow);
      return flow;
    },
    draft(id) {
      const flow = kept.get(id)!;
      if (flow.status !== "DRAFT")
        throw wrong(139001, "A Flow that was published can't be updated; clone it.", "Flow can't be updated");
      return flow;
    },
    requireName(waba_id, name, except) {
      if (book.list(waba_id).some((flow) => flow !== except && flow.name === name))
        throw wrong(100, "Another Flow of this account has the name already.", "Flow name is not unique");
    },
    setJson(flow, json) {
      flow.json = typeof json === "string" ? json : JSON.stringify(json);
      flow.errors = validateFlow(flow.json);
      flow.updated_at = now();
    },
    publish(flow) {
      if (flow.status !== "DRAFT")
        throw wrong(139002, "Only a draft can be published.", "Publishing Flow in invalid state");
      if (flow.errors.length > 0) {
        const details = "The Flow JSON has errors; see validation_errors of the Flow.";
        throw wrong(139002, details, "Publishing Flow with validation errors");
      }
      moveTo(flow, "PUBLISHED");
    },
    deprecate(flow) {
      if (flow.status !== "PUBLISHED")
        throw wrong(139003, "Only a published Flow can be deprecated.", "Deprecating Flow in invalid state");
      moveTo(flow, "DEPRECATED");
    },
    delete(flow) {
      const details = "Only a draft can be deleted; deprecate what was published.";
      if (flow.status !== "DRAFT") throw wrong(139004, details, "Deleting Flow in invalid state");
      kept.delete(flow.id);
    },
  };
  return book;
}

export const newToken = (): string => randomBytes(16).toString("hex");

/** What a flow begins with. */
const EMPTY = {
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
};
