import { useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import {
  IconAdjustmentsHorizontal,
  IconBook,
  IconDeviceMobileMessage,
  IconInbox,
  IconNotebook,
  IconWebhook,
} from "@tabler/icons-react";
import { Suspense, useEffect, useMemo, useRef } from "react";
import { ApiProblem } from "../lib/api.ts";
import { lazyPart } from "../lib/chunks.ts";
import { startLive } from "../lib/live.ts";
import { startOutbox } from "../lib/outbox.ts";
import { conversationsQuery, endpointsQuery, meQuery, queryClient } from "../lib/queries.ts";
import { watchSession } from "../lib/session.ts";
import { Hint } from "../ui/hint.tsx";
import { Mark } from "../ui/logo.tsx";
import { MenuOnIntent } from "../ui/menu-on-intent.tsx";
import { SimulatorNotice } from "../ui/simulator-notice/simulator-notice.tsx";
import { LiveDot } from "./live-dot.tsx";
import { SetupItem } from "./setup-item.tsx";
import classes from "./shell.module.css";
import { UserButton } from "./user-button.tsx";

const UserMenu = lazyPart(() => import("./user-menu.tsx"), "UserMenu");
const Bell = lazyPart(() => import("./bell.tsx"), "Bell");

/** Where an outage or odds of the simulator's would else be taken for faults of Wharf. */
const SIMULATED = /^\/(?:inbox|sandbox)(?:\/|$)/;

/** What stands around every page: where one can go, who one is, and whether what one sees is live. */
export function Shell() {
  const { data: me, error } = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const unread = useUnread();

  const cursor = useRef(me.live_cursor);
  useEffect(() => {
    const live = startLive(queryClient, cursor.current);
    return () => live.stop();
  }, []);
  const user_id = me.user?.id;
  useEffect(() => {
    if (user_id === undefined) return;
    const outbox = startOutbox(user_id);
    return () => outbox.stop();
  }, [user_id]);
  const signed_out = error instanceof ApiProblem && error.status === 401;
  useEffect(() => {
    const leave = () => {
      queryClient.clear();
      void navigate({ to: "/sign-in", search: { next: location.pathname + location.search } });
    };
    if (signed_out) leave();
    return watchSession((change) => {
      if (change === "signed-out") leave();
      // Another tab may have signed in as someone else: nothing of the one before stays on the screen.
      else location.reload();
    });
  }, [signed_out, navigate]);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Wharf` : "Wharf";
  }, [unread]);

  const troubled = useTroubled();
  const { pathname } = useLocation();
  const simulated = me.mode === "sandbox" && SIMULATED.test(pathname);

  return (
    <div className={classes["shell"]}>
      <a href="#page" className={classes["skip"]}>
        Skip to the page
      </a>
      <header className={classes["side"]}>
        <div className={classes["brand"]}>
          <Mark size={34} />
          <div className={classes["names"]}>
            <strong>Wharf</strong>
            <span title={me.workspace.name}>{me.workspace.name}</span>
          </div>
        </div>
        <nav className={classes["nav"]} aria-label="Pages">
          <SetupItem me={me} />
          <Item to="/inbox" label="Inbox" icon={IconInbox} count={unread} counted="unread conversations" />
          {me.mode === "sandbox" && (
            <>
              <Item to="/sandbox" label="Sandbox" icon={IconDeviceMobileMessage} />
              <Item to="/simulator" label="Simulator" icon={IconAdjustmentsHorizontal} />
            </>
          )}
          <Item to="/journal" label="Journal" icon={IconNotebook} />
          <Link to="/settings" className={classes["group"]}>
            Integration settings
          </Link>
          <Item
            to="/settings/webhooks"
            label="Webhooks"
            icon={IconWebhook}
            count={troubled}
            counted={troubled === 1 ? "endpoint in trouble" : "endpoints in trouble"}
            alert
          />
          <Link
            to="/docs"
            className={classes["item"]}
            activeProps={{ "aria-current": "page" }}
            title="Docs"
            data-aside
          >
            <IconBook size={21} stroke={1.7} aria-hidden />
            <span>Docs</span>
          </Link>
        </nav>
        <div className={classes["foot"]}>
          {me.mode === "sandbox" && (
            <Hint label="No Meta credentials are set: a simulator plays Meta, so nothing leaves this machine">
              <span className={classes["mode"]}>Sandbox mode</span>
            </Hint>
          )}
          <Suspense fallback={null}>
            <Bell />
          </Suspense>
          <LiveDot />
          <MenuOnIntent button={<UserButton me={me} />} menu={<UserMenu me={me} />} />
        </div>
      </header>
      <main id="page" className={classes["page"]} tabIndex={-1}>
        {simulated && <SimulatorNotice />}
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

function Item({
  to,
  label,
  icon: Icon,
  count = 0,
  counted,
  alert,
}: {
  to: "/inbox" | "/sandbox" | "/simulator" | "/journal" | "/settings/webhooks";
  label: string;
  icon: typeof IconInbox;
  count?: number;
  counted?: string;
  alert?: boolean;
}) {
  return (
    <Link to={to} className={classes["item"]} activeProps={{ "aria-current": "page" }} title={label}>
      <Icon size={21} stroke={1.7} aria-hidden />
      <span>{label}</span>
      {count > 0 && (
        <b aria-label={`${count} ${counted}`} className={classes["count"]} data-alert={alert}>
          {count > 99 ? "99+" : count}
        </b>
      )}
    </Link>
  );
}

/** Conversations that wait to be read, among the open ones that are loaded. */
function useUnread(): number {
  const { data } = useInfiniteQuery(conversationsQuery({ status: "OPEN" }));
  return useMemo(
    () => (data?.pages ?? []).flatMap((page) => page.data).filter((row) => row.unread_count > 0).length,
    [data],
  );
}

/** Endpoints that are meant to receive and don't: failing, or given up. */
function useTroubled(): number {
  const { data } = useQuery(endpointsQuery);
  return (data?.data ?? []).filter(({ enabled, state }) => enabled && state !== "ok").length;
}
