import { useQuery } from "@tanstack/react-query";
import { exactTime } from "../../../lib/words/time.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import { RECOVERY } from "../delivery-texts.ts";
import { recoveriesQuery } from "../model/model.ts";
import { Skipped } from "./recovery-progress.tsx";
import classes from "./recovery.module.css";

/** Recoveries that ended, with what came of them. */
export function RecoveryList({ endpoint }: { endpoint: Endpoint }) {
  const { data } = useQuery(recoveriesQuery(endpoint.id));
  const ended = (data?.data ?? []).filter((recovery) => recovery.state !== "running");
  if (ended.length === 0) return null;
  return (
    <section className={classes["ended"]}>
      <h2>{RECOVERY.list}</h2>
      <ul>
        {ended.map((recovery) => (
          <li key={recovery.id}>
            <b>{RECOVERY.ended(recovery)}</b>
            <span>{RECOVERY.result(recovery)}</span>
            <span className={classes["soft"]}>
              {recovery.what !== "chosen" && `${RECOVERY.since} ${exactTime(recovery.since)}`}
              {recovery.user && ` · ${RECOVERY.by(recovery.user.name)}`}
            </span>
            <Ago time={recovery.created_at} />
            <Skipped recovery={recovery} />
          </li>
        ))}
      </ul>
    </section>
  );
}
