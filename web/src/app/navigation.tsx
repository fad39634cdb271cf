import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconAddressBook,
  IconAdjustmentsHorizontal,
  IconBook,
  IconDeviceMobileMessage,
  IconInbox,
  IconNotebook,
  IconRoute,
  IconSpeakerphone,
  IconTemplate,
  IconWebhook,
} from "@tabler/icons-react";
import { endpointsQuery } from "../lib/server/queries.ts";
import type { ConversationCounts, Me } from "../lib/types.ts";
import { nearPart } from "../lib/page/chunks.ts";
import { MenuOnIntent } from "../ui/menu-on-intent.tsx";
import { MoreButton } from "./more-button.tsx";
import type { Place } from "./place.ts";
import { Count } from "./count.tsx";
import { SetupItem } from "./setup-item.tsx";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";

const { Part: MoreMenu, fetch: fetchMoreMenu } = nearPart(() => import("./more-menu.tsx"), "MoreMenu");

export function Navigation({ me, counts }: { me: Me; counts: ConversationCounts | undefined }) {
  const troubled = useTroubled(me.permissions.webhooks !== "none");
  const may = ({ area }: Place) => area === undefined || me.permissions[area] !== "none";
  const sandbox = me.mode === "sandbox";
  const daily: Place[] = [
    {
      to: "/inbox",
      area: "inbox",
      label: NAVIGATION.inbox,
      icon: IconInbox,
      count: { of: counts?.unread ?? 0, says: NAVIGATION.unread },
      alert: { of: counts?.failed ?? 0, says: NAVIGATION.failed },
    },
    { to: "/campaigns", area: "campaigns", label: NAVIGATION.campaigns, icon: IconSpeakerphone },
    { to: "/automations", area: "automations", label: NAVIGATION.automations, icon: IconRoute, aside: true },
    { to: "/contacts", area: "audience", label: NAVIGATION.contacts, icon: IconAddressBook },
    { to: "/templates", area: "templates", label: NAVIGATION.templates, icon: IconTemplate },
    ...(sandbox ? SANDBOX : []),
    { to: "/journal", area: "webhooks", label: NAVIGATION.journal, icon: IconNotebook, aside: true },
  ];
  const integration: Place[] = [
    {
      to: "/settings/webhooks",
      area: "webhooks",
      label: NAVIGATION.webhooks,
      icon: IconWebhook,
      aside: true,
      alert: { of: troubled, says: NAVIGATION.troubled },
    },
    { to: "/docs", label: NAVIGATION.docs, icon: IconBook, aside: true },
  ];
  const aside = [...daily, ...integration].filter((place) => place.aside && may(place));
  return (
    <nav className={classes["nav"]} aria-label={NAVIGATION.label}>
      <SetupItem me={me} />
      {daily.filter(may).map((place) => (
        <Item key={place.to} {...place} />
      ))}
      <Link to="/settings" className={classes["group"]}>
        {NAVIGATION.settings}
      </Link>
      {integration.filter(may).map((place) => (
        <Item key={place.to} {...place} />
      ))}
      <MenuOnIntent
        button={<MoreButton places={aside} />}
        fetch={fetchMoreMenu}
        menu={<MoreMenu places={aside} />}
      />
    </nav>
  );
}

const SANDBOX: Place[] = [
  { to: "/sandbox", label: NAVIGATION.sandbox, icon: IconDeviceMobileMessage, aside: true },
  { to: "/simulator", label: NAVIGATION.simulator, icon: IconAdjustmentsHorizontal, aside: true },
];

function Item({ to, label, icon: Icon, aside, count, alert }: Place) {
  return (
    <Link
      to={to}
      className={classes["item"]}
      activeProps={{ "aria-current": "page" }}
      title={label}
      data-aside={aside || undefined}
    >
      <Icon size={21} stroke={1.7} aria-hidden />
      <span>{label}</span>
      <Count {...alert} trouble />
      <Count {...count} />
    </Link>
  );
}
/** Endpoints that are meant to receive and don't: failing, or given up. */
function useTroubled(enabled: boolean): number {
  const { data } = useQuery({ ...endpointsQuery, enabled });
  return (data?.data ?? []).filter(({ enabled, state }) => enabled && state !== "ok").length;
}
