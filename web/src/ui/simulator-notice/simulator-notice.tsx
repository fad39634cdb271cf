import { IconAdjustmentsAlt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useAction } from "../../lib/server/action.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { wordsOf } from "../../lib/server/api.ts";
import { queryClient, sandboxQuery } from "../../lib/server/queries.ts";
import { outagesOf, resetSimulator } from "../../lib/server/simulator.ts";
import { toast } from "../../lib/page/toast.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Countdown } from "../countdown.tsx";
import classes from "./simulator-notice.module.css";
import { texts } from "./texts.ts";

/** It changes in other tabs and by itself, and is not in the live feed. */
const ASK_AGAIN_MS = 10_000;

/** What is switched on in the simulator, where one would else wonder why messages fail or nothing arrives. */
export function SimulatorNotice() {
  const now = useNow();
  const { data, dataUpdatedAt } = useQuery({ ...sandboxQuery, refetchInterval: ASK_AGAIN_MS });
  const reset = useAction({
    mutationFn: resetSimulator,
    onSuccess: () => {
      toast("good", texts.reset_done.title, texts.reset_done.message);
      return queryClient.invalidateQueries({ queryKey: sandboxQuery.queryKey });
    },
    onError: (error) => toast("bad", texts.reset_failed, wordsOf(error)),
  });
  if (!data) return null;
  const { scenario, settings, speed, next } = data.altered;
  const outages = outagesOf(data.altered, Math.max(now, dataUpdatedAt));
  const parts = [
    ...outages.map(({ of, ends_at }) => (
      <>
        {texts.outages[of]} ({texts.ends} <Countdown to={ends_at} />)
      </>
    )),
    // A scenario brings its own clock and settings.
    ...(scenario ? [texts.scenario] : []),
    ...(!scenario && speed !== 1 ? [texts.speed(formatNumber(speed))] : []),
    ...(!scenario && settings ? [texts.settings] : []),
    ...(next > 0 ? [texts.next(next)] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <aside className={classes["notice"]} aria-label={texts.label} data-out={outages.length > 0 || undefined}>
      <IconAdjustmentsAlt size={17} aria-hidden />
      <p>
        <b>{texts.title}:</b>{" "}
        {parts.map((part, index) => (
          // They have no identity but their place.
          <Fragment key={index}>
            {index > 0 && ", "}
            {part}
          </Fragment>
        ))}
      </p>
      <Link to="/simulator">{texts.open}</Link>
      {!scenario && (
        <button type="button" disabled={reset.isPending} onClick={() => reset.mutate()}>
          {texts.reset}
        </button>
      )}
    </aside>
  );
}
