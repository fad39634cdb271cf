import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import {
  IconAdjustmentsHorizontal,
  IconApi,
  IconDeviceMobileMessage,
  IconExternalLink,
  IconInbox,
  IconNotebook,
  IconWebhook,
} from "@tabler/icons-react";
import { Suspense, useEffect } from "react";
import { lazyPart, soonPart } from "../lib/chunks.ts";
import { waitingOf } from "../lib/counts.ts";
import { startLive } from "../lib/live.ts";
import { startOutbox } from "../lib/outbox.ts";
import { countsQuery, endpointsQuery, meQuery, queryClient } from "../lib/queries.ts";
import { watchSession } from "../lib/session.ts";
import { useTitleCount } from "../lib/title.ts";
import { Hint } from "../ui/hint.tsx";
import { Mark } from "../ui/logo.tsx";
import { LiveDot } from "./live-dot.tsx";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";
import { UserButton } from "./user-button.tsx";

// Menus are a fifth of the code, and nobody opens one in the first moment.
const UserMenu = soonPart(() => import("./user-menu.tsx"), "UserMenu");
const ConnectionBanner = soonPart(() => import("./connection-banner.tsx"), "ConnectionBanner");
const FailedToasts = soonPart(() => import("./failed-toasts.tsx"), "FailedToasts");
const Bell = lazyPart(() => import("./bell.tsx"), "Bell");

/** What stands around every page: where one can go, who one is, and whether what one sees is live. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const { data: counts } = useQuery(countsQuery);
  const { conversation_id: open } = useParams({ strict: false });
  useTitleCount(counts ? waitingOf(counts) : 0);

  useEffect(() => {
    const live = startLive(queryClient);
    return () => live.stop();
  }, []);
  const user_id = me.user?.id;
  useEffect(() => {
    if (user_id === undefined) return;
    const outbox = startOutbox(user_id);
    return () => outbox.stop();
  }, [user_id]);
  useEffect(
    () =>
      watchSession((change) => {
        // Another tab may have signed in as someone else: nothing of the one before stays on the screen.
        if (change === "signed-in") return location.reload();
        queryClient.clear();
        void navigate({ to: "/sign-in", search: { next: location.pathname + location.search } });
      }),
    [navigate],
  );

  const troubled = useTroubled();

  return (
    <div className={classes["shell"]} data-conversation={open !== undefined || undefined}>
      <a href="#page" className={classes["skip"]}>
        {NAVIGATION.skip}
      </a>
      <header className={classes["side"]}>
        <div className={classes["brand"]}>
          <Mark size={34} />
          <div className={classes["names"]}>
            <strong>Wharf</strong>
            <span title={me.workspace.name}>{me.workspace.name}</span>
          </div>
        </div>
        <nav className={classes["nav"]} aria-label={NAVIGATION.label}>
          <Item
            to="/inbox"
            label={NAVIGATION.inbox}
            icon={IconInbox}
            count={counts?.unread}
            counted={NAVIGATION.unread}
            alert={counts?.failed}
            alerted={NAVIGATION.failed}
          />
          {me.mode === "sandbox" && (
            <>
              <Item to="/sandbox" label={NAVIGATION.sandbox} icon={IconDeviceMobileMessage} />
              <Item to="/simulator" label={NAVIGATION.simulator} icon={IconAdjustmentsHorizontal} />
            </>
          )}
          <Item to="/journal" label={NAVIGATION.journal} icon={IconNotebook} />
          <span className={classes["group"]}>{NAVIGATION.settings}</span>
          <Item
            to="/settings/webhooks"
            label={NAVIGATION.webhooks}
            icon={IconWebhook}
            alert={troubled}
            alerted={NAVIGATION.troubled}
          />
          <a
            href="/api/docs"
            target="_blank"
            rel="noopener"
            className={classes["item"]}
            title={NAVIGATION.api_docs}
          >
            <IconApi size={21} stroke={1.7} aria-hidden />
            <span>{NAVIGATION.api_docs}</span>
            <IconExternalLink size={14} className={classes["external"]} aria-hidden />
          </a>
        </nav>
        <div className={classes["foot"]}>
          {me.mode === "sandbox" && (
            <Hint label={NAVIGATION.sandbox_hint}>
              <span className={classes["mode"]}>{NAVIGATION.sandbox_mode}</span>
            </Hint>
          )}
          <Suspense fallback={null}>
            <Bell />
          </Suspense>
          <LiveDot />
          <Suspense fallback={<UserButton me={me} />}>
            <UserMenu me={me} />
          </Suspense>
        </div>
      </header>
      <div className={classes["beside"]}>
        <Suspense fallback={<div />}>
          <ConnectionBanner />
          <FailedToasts />
        </Suspense>
        <main id="page" className={classes["page"]} tabIndex={-1}>
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
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
  to: "/inbox" | "/sandbox" | "/simulator" | "/journal" | "/settings/webhooks";
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
