import type { Reply } from "../contract/contract.ts";

export type NoticeKind = Reply<"GET /api/v1/notices">["data"][number]["kind"];

/** What notices are about; one that is missing here does not compile. */
const KINDS: Record<NoticeKind, true> = {
  account: true,
  number: true,
  error: true,
  template: true,
  campaign: true,
  automation: true,
  connection: true,
  endpoint: true,
  silence: true,
  journal: true,
  disk: true,
  backup: true,
};
export const NOTICE_KINDS = Object.keys(KINDS) as NoticeKind[];
