import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { lazyPart, nearPart, soonPart } from "../lib/page/chunks.ts";
import { waitingOf } from "../lib/server/counts.ts";
import { countsQuery, meQuery } from "../lib/server/queries.ts";
import { manages } from "../lib/server/setup.ts";
import { useTitleCount } from "../lib/page/title.ts";
import { Hint } from "../ui/hint.tsx";
import { Mark } from "../ui/logo.tsx";
import { MenuOnIntent } from "../ui/menu-on-intent.tsx";
import { LiveDot } from "./live-dot.tsx";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";
import { Navigation } from "./navigation.tsx";
import { useSignedIn } from "./use-signed-in.ts";
import { UserButton } from "./user-button.tsx";

const { Part: UserMenu, fetch: fetchUserMenu } = nearPart(() => import("./user-menu.tsx"), "UserMenu");
const ConnectionBanner = soonPart(() => import("./connection-banner.tsx"), "ConnectionBanner");
const HoldBanner = lazyPart(() => import("./hold-banner.tsx"), "HoldBanner");
const FailedToasts = soonPart(() => import("./failed-toasts.tsx"), "FailedToasts");
const SimulatorNotice = lazyPart(
  () => import("../ui/simulator-notice/simulator-notice.tsx"),
  "SimulatorNotice",
);
const StepUpGate = lazyPart(() => import("./step-up-gate.tsx"), "StepUpGate");
const Bell = lazyPart(() => import("./bell.tsx"), "Bell");

/** Where an outage or odds of the simulator's would else be taken for faults of Wharf. */
const SIMULATED = /^\/(?:inbox|sandbox)(?:\/|$)/;

/** What stands around every page: where one can go, who one is, and whether what one sees is live. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: counts } = useQuery({ ...countsQuery, enabled: me.permissions.inbox !== "none" });
  const { conversation_id: open } = useParams({ strict: false });
  useTitleCount(counts ? waitingOf(counts) : 0);
  useSignedIn(me);
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
        <Navigation me={me} counts={counts} />
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
          <div>
            <ConnectionBanner />
            {me.on_hold && <HoldBanner mayConfirm={manages(me)} />}
          </div>
          <FailedToasts />
          <StepUpGate />
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
