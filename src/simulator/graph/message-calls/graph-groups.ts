import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { answerOf, type Body, failureOf, GraphFault, missing } from "../protocol/protocol.ts";
import {
  chosen,
  type GraphPart,
  type GraphRequest,
  type GraphWorld,
  invalidParameter,
  JsonAnswer,
  type NodeType,
  numberOf,
  page,
  personSaid,
  readParameters,
  requireProduct,
  word,
} from "../calls/calls.ts";
import {
  type Group,
  groupUpdate,
  type Member,
  membersAdded,
  membersRemoved,
  MOST_MEMBERS,
  named,
  newLink,
} from "../state/state.ts";
import type { Update } from "../../world/world.ts";

const subject = z.string().trim().min(1).max(128);
const description = z.string().max(2_048);
const created = z.object({
  subject,
  description: description.optional(),
  join_approval_mode: z.enum(["auto_approve", "approval_required"]).default("auto_approve"),
});
const people = z.object({
  participants: z
    .array(z.object({ user: word.optional(), user_id: z.string().optional() }))
    .min(1)
    .max(MOST_MEMBERS),
});
const requests = z.object({ join_requests: z.array(z.string()).min(1) });

/** Groups of a number: what a business does to them is answered at once, and told by webhook when it is done. */
export function groupPart(world: GraphWorld): GraphPart {
  const { groups } = world;
  const now_s = () => Math.floor(world.clock.now() / 1_000);
  const groupOf = ({ id }: GraphRequest): Group => groups.find(id)!;
  const done = (update: (request_id: string) => Update) => {
    const request_id = randomBytes(12).toString("base64url");
    void world.later(async () => {
      await world.deliver([update(request_id)]);
    });
    return { messaging_product: "whatsapp", request_id };
  };
  const linkOf = ({ invite_link }: Group) => ({ messaging_product: "whatsapp", invite_link });

  return {
    kindOf: (id) => (groups.find(id) ? "group" : undefined),
    rows: {
      "POST number groups": (request) => create(world, request, done, now_s),
      "GET number groups": (request) => page(request, groups.list(request.id).map(listed)),
      "GET group": (request) => ({
        messaging_product: "whatsapp",
        ...chosen(request, describe(groupOf(request)), GROUP),
      }),
      "POST group": (request) => change(request, groupOf(request), done, now_s),
      "DELETE group"(request) {
        const group = groupOf(request);
        groups.delete(group.id);
        return done((request_id) =>
          groupUpdate(group, "group_lifecycle_update", now_s(), { type: "group_delete", request_id }),
        );
      },
      "GET group invite_link": (request) => linkOf(groupOf(request)),
      "POST group invite_link"(request) {
        const group = groupOf(request);
        group.invite_link = newLink();
        return linkOf(group);
      },
      "DELETE group participants": (request) => remove(world, request, done, now_s),
      "GET group join_requests": (request) =>
        page(
          request,
          [...groupOf(request).requests.values()].map((asked) => ({
            join_request_id: asked.id,
            ...named(asked),
            creation_timestamp: String(asked.time),
          })),
        ),
      "POST group join_requests": (request) =>
        decide(request, groupOf(request), "approved_join_requests", (group, members) =>
          done(() => {
            for (const member of members) groups.admit(group, member);
            return membersAdded(group, members, now_s());
          }),
        ),
      "DELETE group join_requests": (request) =>
        decide(request, groupOf(request), "rejected_join_requests", () => ({
          messaging_product: "whatsapp",
          request_id: randomBytes(12).toString("base64url"),
        })),
    },
  };
}

type Done = (update: (request_id: string) => Update) => unknown;

async function create(world: GraphWorld, request: GraphRequest, done: Done, now_s: () => number) {
  requireProduct(await request.parameters());
  const { description: about, ...given } = await readParameters(request, created);
  const group = world.groups.create(
    numberOf(world, request.id)!,
    { ...given, description: about ?? null },
    now_s(),
  );
  return done((request_id) =>
    groupUpdate(group, "group_lifecycle_update", now_s(), {
      type: "group_create",
      request_id,
      subject: group.subject,
      ...(group.description === null ? {} : { description: group.description }),
      invite_link: group.invite_link,
      join_approval_mode: group.join_approval_mode,
    }),
  );
}

async function remove(world: GraphWorld, request: GraphRequest, done: Done, now_s: () => number) {
  const group = world.groups.find(request.id)!;
  const { participants } = await readParameters(request, people);
  const said = participants.map((one) => personSaid(world, one));
  const members = said.map(({ user_id }) => {
    const member = group.members.get(user_id);
    if (!member) throw new GraphFault(131212);
    return member;
  });
  for (const { user_id } of members) {
    group.members.delete(user_id);
    group.removed.add(user_id);
  }
  return done((request_id) => membersRemoved(group, members, now_s(), request_id));
}

const GROUP: NodeType = {
  name: "WhatsAppBusinessGroup",
  usual: ["id"],
  more: ["description"],
};

const describe = (group: Group): Body => ({
  id: group.id,
  subject: group.subject,
  ...(group.description === null ? {} : { description: group.description }),
  creation_timestamp: String(group.created_at),
  suspended: false,
  total_participant_count: group.members.size,
  participants: [...group.members.values()].map(named),
  join_approval_mode: group.join_approval_mode,
});

/** Meta's page tells the time of a list's groups by another name than that of a single one. */
const listed = (group: Group): Body => ({ ...describe(group), created_at: String(group.created_at) });

async function change(request: GraphRequest, group: Group, done: Done, now_s: () => number) {
  const body = await request.parameters();
  requireProduct(body);
  const { profile_picture_file, file: picture = profile_picture_file } = await request.files();
  const about: Body = {};
  if (body["subject"] !== undefined) {
    const read = subject.safeParse(body["subject"]);
    if (!read.success) throw invalidParameter("subject", "must be 1 to 128 characters long");
    about["group_subject"] = { text: (group.subject = read.data), update_successful: true };
  }
  if (body["description"] !== undefined) {
    const read = description.safeParse(body["description"]);
    if (!read.success) throw invalidParameter("description", "must be at most 2048 characters long");
    about["group_description"] = { text: (group.description = read.data), update_successful: true };
  }
  if (picture) {
    const { bytes, mime_type } = picture;
    if (mime_type !== "image/jpeg") throw invalidParameter("profile_picture_file", "must be a JPEG image");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    about["profile_picture"] = { mime_type, sha256, update_successful: true };
  }
  if (Object.keys(about).length === 0) throw missing("subject");
  return done((request_id) =>
    groupUpdate(group, "group_settings_update", now_s(), {
      type: "group_settings_update",
      request_id,
      ...about,
    }),
  );
}

/** Those of the requests that there are; the others are told beside them, with 206. */
async function decide(
  request: GraphRequest,
  group: Group,
  name: string,
  act: (group: Group, members: readonly Member[]) => object,
) {
  const { join_requests } = await readParameters(request, requests);
  const found = join_requests.flatMap((id) => group.requests.get(id) ?? []);
  const unknown = join_requests.filter((id) => !group.requests.has(id));
  if (found.length === 0) throw new GraphFault(131213);
  for (const { id } of found) group.requests.delete(id);
  const answer = {
    ...act(group, found),
    [name]: found.map(({ id }) => id),
  };
  if (unknown.length === 0) return answer;
  const { http_status } = answerOf(new GraphFault(131201));
  return new JsonAnswer(http_status, {
    ...answer,
    failed_join_requests: unknown.map((id) => ({ join_request_id: id, errors: [failureOf(131213)] })),
    errors: [failureOf(131201)],
  });
}
