import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import {
  IconAdjustmentsHorizontal,
  IconBook,
  IconDeviceMobileMessage,
  IconInbox,
  IconNotebook,
  IconTemplate,
  IconWebhook,
} from "@tabler/icons-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { lazyPart, nearPart, soonPart } from "../lib/chunks.ts";
import { waitingOf } from "../lib/counts.ts";
import { keepFocus } from "../lib/kept-focus.ts";
import { startLive } from "../lib/live.ts";
import { actAs } from "../lib/api.ts";
import { startOutbox } from "../lib/outbox.ts";
import { countsQuery, endpointsQuery, meQuery, queryClient } from "../lib/queries.ts";
import { reloadPage } from "../lib/reload.ts";
import { watchSession } from "../lib/session.ts";
import { useTitleCount } from "../lib/title.ts";
import { Hint } from "../ui/hint.tsx";
import { Mark } from "../ui/logo.tsx";
import { MenuOnIntent } from "../ui/menu-on-intent.tsx";
import { SimulatorNotice } from "../ui/simulator-notice/simulator-notice.tsx";
import { LiveDot } from "./live-dot.tsx";
import { SetupItem } from "./setup-item.tsx";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";
import { UserButton } from "./user-button.tsx";

const { Part: UserMenu, fetch: fetchUserMenu } = nearPart(() => import("./user-menu.tsx"), "UserMenu");
const ConnectionBanner = soonPart(() => import("./connection-banner.tsx"), "ConnectionBanner");
const FailedToasts = soonPart(() => import("./failed-toasts.tsx"), "FailedToasts");
const Bell = lazyPart(() => import("./bell.tsx"), "Bell");

/** Where an outage or odds of the simulator's would else be taken for faults of Wharf. */
const SIMULATED = /^\/(?:inbox|sandbox)(?:\/|$)/;

/** What stands around every page: where one can go, who one is, and whether what one sees is live. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const { data: counts } = useQuery(countsQuery);
  const { conversation_id: open } = useParams({ strict: false });
  useTitleCount(counts ? waitingOf(counts) : 0);

  const cursor = useRef(me.live_cursor);
  const live = useRef<ReturnType<typeof startLive> | null>(null);
  useEffect(() => {
    const started = (live.current = startLive(queryClient, cursor.current));
    return () => started.stop();
  }, []);
  useEffect(keepFocus, []);
  const user_id = me.user?.id;
  useEffect(() => {
    if (user_id === undefined) return;
    actAs(user_id);
    const outbox = startOutbox(user_id);
    return () => {
      outbox.stop();
      actAs(null);
    };
  }, [user_id]);
  const [shown_to] = useState(user_id);
  useEffect(() => {
    // Someone else has signed in from this browser: nothing of the one before stays on the screen.
    if (user_id !== shown_to) reloadPage();
  }, [user_id, shown_to]);
  useEffect(
    () =>
      watchSession((change) => {
        // As who is seen by the answer to "me"; the same user goes on where this page is.
        if (change === "signed-in") {
          live.current?.retry();
          return void queryClient.invalidateQueries();
        }
        queryClient.clear();
        void navigate({ to: "/sign-in", search: { next: location.pathname + location.search } });
      }),
    [navigate],
  );

  const troubled = useTroubled();
  const { pathname } = useLocation();
  const simulated = me.mode === "sandbox" && SIMULATED.test(pathname);

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
        <div className={classes["foot"]}>
          {me.mode === "sandbox" && (
            <Hint label={NAVIGATION.sandbox_hint}>
              <span className={classes["mode"]}>{NAVIGATION.sandbox_mode}</span>
            </Hint>
          )}
          <Suspense fallback={<span className={classes["item"]} />}>
            <Bell />
          </Suspense>
          <LiveDot />
          <MenuOnIntent button={<UserButton me={me} />} fetch={fetchUserMenu} menu={<UserMenu me={me} />} />
        </div>
      </header>
      <div className={classes["beside"]}>
        <Suspense fallback={<div />}>
          <ConnectionBanner />
          <FailedToasts />
        </Suspense>
        <main id="page" className={classes["page"]} tabIndex={-1}>
          {simulated && <SimulatorNotice />}
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
  to: "/inbox" | "/sandbox" | "/simulator" | "/journal" | "/templates" | "/settings/webhooks";
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
