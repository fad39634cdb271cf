import { randomBytes } from "node:crypto";
import { Problem } from "../../../base/base.ts";
import { type BusinessNumber, type Persona, type Update, userIdBehind } from "../../world/world.ts";

export interface Member {
  wa_id: string;
  user_id: string;
  /** Meta tells of them by the user id alone. */
  hidden: boolean;
}

export interface JoinRequest extends Member {
  id: string;
  time: number;
}

export interface Group {
  id: string;
  number: BusinessNumber;
  subject: string;
  description: string | null;
  join_approval_mode: "auto_approve" | "approval_required";
  /** Unix seconds. */
  created_at: number;
  invite_link: string;
  /** Without the business, by user id. */
  members: Map<string, Member>;
  /** Who was removed can't come back by the link. */
  removed: Set<string>;
  requests: Map<string, JoinRequest>;
}

/** Source: Meta's page of groups: eight people beside the business. */
export const MOST_MEMBERS = 8;

/** The groups of all numbers, and what people do to them. What it returns is to be told by webhook. */
export interface GroupBook {
  create(
    number: BusinessNumber,
    about: Pick<Group, "subject" | "description" | "join_approval_mode">,
    time: number,
  ): Group;
  find(id: string): Group | undefined;
  list(phone_number_id: string): Group[];
  delete(id: string): void;
  /** By a group's id, its invite link or its subject. Problem: INVALID_REQUEST. */
  named(name: string): Group;
  /** A person taps the link: they are in, or ask to be. Problem: INVALID_REQUEST. */
  join(group: Group, person: Persona, time: number): Update;
  /** They go by themselves, or take their request back. Problem: INVALID_REQUEST. */
  leave(group: Group, person: Persona, time: number): Update;
  admit(group: Group, member: Member): void;
  /** A person has another user id. */
  rename(previous: string, user_id: string): void;
}

export function createGroupBook(): GroupBook {
  const kept = new Map<string, Group>();
  const refuse = (detail: string) => new Problem("INVALID_REQUEST", detail);
  return {
    create(number, about, time) {
      const id = Buffer.from(
        `capi_group:${number.display_phone_number}:1203634${randomBytes(6).readUIntBE(0, 6) % 1e11}`,
      ).toString("base64url");
      const group: Group = {
        ...about,
        id,
        number,
        created_at: time,
        invite_link: newLink(),
        members: new Map(),
        removed: new Set(),
        requests: new Map(),
      };
      kept.set(id, group);
      return group;
    },
    find: (id) => kept.get(id),
    list: (phone_number_id) =>
      [...kept.values()].filter(({ number }) => number.phone_number_id === phone_number_id),
    delete: (id) => void kept.delete(id),
    named(name) {
      const found = [...kept.values()].find(
        ({ id, invite_link, subject }) => id === name || invite_link === name || subject === name,
      );
      if (!found) throw refuse(`There is no group ${name}: write its id, its invite link or its subject.`);
      return found;
    },
    join(group, person, time) {
      const member = memberOf(person);
      if (group.members.has(member.user_id)) throw refuse(`${person.name} is in the group already.`);
      if (group.removed.has(member.user_id))
        throw refuse(`${person.name} was removed from the group, so the link doesn't let them in.`);
      if (group.join_approval_mode === "approval_required") {
        if ([...group.requests.values()].some(({ user_id }) => user_id === member.user_id))
          throw refuse(`${person.name} has asked to join already.`);
        const request = { ...member, id: randomBytes(18).toString("base64url"), time };
        group.requests.set(request.id, request);
        return groupUpdate(group, "group_participants_update", time, {
          type: "group_join_request_created",
          join_request_id: request.id,
          ...named(member),
        });
      }
      if (group.members.size >= MOST_MEMBERS) throw refuse("The group is full.");
      this.admit(group, member);
      return membersAdded(group, [member], time);
    },
    leave(group, person, time) {
      const { user_id } = memberOf(person);
      const request = [...group.requests.values()].find((asked) => asked.user_id === user_id);
      if (request) {
        group.requests.delete(request.id);
        return groupUpdate(group, "group_participants_update", time, {
          type: "group_join_request_revoked",
          join_request_id: request.id,
          ...named(request),
        });
      }
      const member = group.members.get(user_id);
      if (!member) throw refuse(`${person.name} is not in the group.`);
      group.members.delete(user_id);
      return membersRemoved(group, [member], time);
    },
    admit: (group, member) => void group.members.set(member.user_id, member),
    rename(previous, user_id) {
      for (const { members, removed, requests } of kept.values()) {
        const member = members.get(previous);
        members.delete(previous);
        if (member) members.set(user_id, { ...member, user_id });
        if (removed.delete(previous)) removed.add(user_id);
        for (const request of requests.values()) if (request.user_id === previous) request.user_id = user_id;
      }
    },
  };
}

export const newLink = (): string => `https://chat.whatsapp.com/${randomBytes(16).toString("base64url")}`;

const memberOf = (person: Persona): Member => ({
  wa_id: person.wa_id,
  user_id: userIdBehind(person),
  hidden: person.hidden ?? false,
});

/** As Meta names a member of a group. */
export const named = ({ wa_id, user_id, hidden }: Member) => ({ ...(hidden ? {} : { wa_id }), user_id });

export function groupUpdate(
  { id, number }: Group,
  field: string,
  time: number,
  about: Record<string, unknown> & { type: string },
): Update {
  return {
    waba_id: number.waba_id,
    number,
    field,
    list: "groups",
    item: { timestamp: String(time), group_id: id, ...about },
    contact: null,
    time,
  };
}

export const membersAdded = (group: Group, members: readonly Member[], time: number): Update =>
  groupUpdate(group, "group_participants_update", time, {
    type: "group_participants_add",
    reason: "invite_link",
    added_participants: members.map(named),
  });

export const membersRemoved = (
  group: Group,
  members: readonly Member[],
  time: number,
  request_id?: string,
): Update =>
  groupUpdate(group, "group_participants_update", time, {
    type: "group_participants_remove",
    ...(request_id === undefined ? {} : { request_id }),
    removed_participants: members.map((member) => ({
      input: member.hidden ? member.user_id : member.wa_id,
      ...named(member),
    })),
  });
