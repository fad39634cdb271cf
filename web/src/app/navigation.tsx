import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconAdjustmentsHorizontal,
  IconBook,
  IconDeviceMobileMessage,
  IconInbox,
  IconNotebook,
  IconSpeakerphone,
  IconTemplate,
  IconWebhook,
} from "@tabler/icons-react";
import { endpointsQuery } from "../lib/server/queries.ts";
import type { ConversationCounts, Me } from "../lib/types.ts";
import { SetupItem } from "./setup-item.tsx";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";

/** Where one can go, with how much waits there. */
export function Navigation({ me, counts }: { me: Me; counts: ConversationCounts | undefined }) {
  const troubled = useTroubled();
  return (
    <nav className={classes["nav"]} aria-label={NAVIGATION.label}>
      <SetupItem me={me} />
      <Item
        to="/inbox"
        label={NAVIGATION.inbox}
        icon={IconInbox}
        count={counts?.unread}
        counted={NAVIGATION.unread}
        alert={counts?.failed}
        alerted={NAVIGATION.failed}
      />
      <Item to="/campaigns" label={NAVIGATION.campaigns} icon={IconSpeakerphone} />
      {me.mode === "sandbox" && (
        <>
          <Item to="/sandbox" label={NAVIGATION.sandbox} icon={IconDeviceMobileMessage} />
          <Item to="/simulator" label={NAVIGATION.simulator} icon={IconAdjustmentsHorizontal} />
        </>
      )}
      <Item to="/journal" label={NAVIGATION.journal} icon={IconNotebook} />
      <Item to="/templates" label={NAVIGATION.templates} icon={IconTemplate} />
      <Link to="/settings" className={classes["group"]}>
        {NAVIGATION.settings}
      </Link>
      <Item
        to="/settings/webhooks"
        label={NAVIGATION.webhooks}
        icon={IconWebhook}
        alert={troubled}
        alerted={NAVIGATION.troubled}
      />
      <Link
        to="/docs"
        className={classes["item"]}
        activeProps={{ "aria-current": "page" }}
        title={NAVIGATION.docs}
        data-aside
      >
        <IconBook size={21} stroke={1.7} aria-hidden />
        <span>{NAVIGATION.docs}</span>
      </Link>
    </nav>
  );
}

function Item({
  to,
  label,
  icon: Icon,
  count = 0,
  counted,
  alert = 0,
  alerted,
}: {
  to: "/inbox" | "/campaigns" | "/sandbox" | "/simulator" | "/journal" | "/templates" | "/settings/webhooks";
  label: string;
  icon: typeof IconInbox;
  count?: number | undefined;
  counted?: (count: number) => string;
  /** How many are in trouble. */
  alert?: number | undefined;
  alerted?: (count: number) => string;
}) {
  return (
    <Link to={to} className={classes["item"]} activeProps={{ "aria-current": "page" }} title={label}>
      <Icon size={21} stroke={1.7} aria-hidden />
      <span>{label}</span>
      {alert > 0 && (
        <b aria-label={alerted?.(alert)} title={alerted?.(alert)} className={classes["count"]} data-alert>
          {upTo99(alert)}
        </b>
      )}
      {count > 0 && (
        <b aria-label={counted?.(count)} className={classes["count"]}>
          {upTo99(count)}
        </b>
      )}
    </Link>
  );
}
const upTo99 = (value: number) => (value > 99 ? "99+" : String(value));

/** Endpoints that are meant to receive and don't: failing, or given up. */
function useTroubled(): number {
  const { data } = useQuery(endpointsQuery);
  return (data?.data ?? []).filter(({ enabled, state }) => enabled && state !== "ok").length;
}
