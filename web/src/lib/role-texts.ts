import { tableOf } from "./table-of.ts";

/** What people read of roles, areas and levels; a workspace's own role has its name. */
const ROLES = tableOf<{ label: string; text: string }>({
  owner: { label: "Owner", text: "Everything, and the workspace is theirs." },
  admin: { label: "Admin", text: "Everything but giving the workspace away." },
  marketing_manager: { label: "Marketing manager", text: "Campaigns, automations, templates and contacts." },
  campaign_operator: { label: "Campaign operator", text: "Writes and sends campaigns; sees no numbers." },
  content_creator: { label: "Content creator", text: "Writes templates." },
  analyst: { label: "Analyst", text: "Reads everything but the set-up; sees no numbers." },
  data_analyst: { label: "Data analyst", text: "Reads contacts and reports; sees no numbers." },
  support_agent: { label: "Support agent", text: "Answers customers in the Inbox." },
  viewer: { label: "Viewer", text: "Reads what others do; sees no numbers." },
});

export const roleLabel = (name: string): string => ROLES[name]?.label ?? name;
export const roleText = (name: string): string | undefined => ROLES[name]?.text;
