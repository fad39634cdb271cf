import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Failure } from "../../../ui/page-state.tsx";
import { analyticsQuery, type Campaign } from "../model/model.ts";
import { RESULTS } from "../result-texts.ts";
import { Funnel } from "./funnel.tsx";
import { Kpis } from "./kpis.tsx";
import { Countries, Failures, Skipped } from "./reasons.tsx";
import classes from "./results.module.css";
import { Rising } from "./rising.tsx";
import { Standing } from "./standing.tsx";
import { Times } from "./times.tsx";
import { Updated } from "./updated.tsx";

/** What came of a campaign, live while it runs. */
export function Results({ campaign }: { campaign: Campaign }) {
  const { data, error, refetch } = useQuery(analyticsQuery(campaign.id));
  if (!data)
    return error ? (
      <Failure error={error} retry={() => void refetch()} />
    ) : (
      <Skeleton h={420} radius={16} role="status" aria-label={RESULTS.loading} />
    );
  return (
    <section className={classes["results"]} aria-label={RESULTS.title}>
      <Updated at={data.updated_at} partial={data.partial} running={campaign.state === "RUNNING"} />
      <Kpis campaign={campaign} reached={data.reached} />
      <div className={classes["pair"]}>
        <Funnel reached={data.reached} now={data.now} />
        <Standing reached={data.reached} now={data.now} />
        <Rising campaign_id={campaign.id} reached={data.reached} />
        <Failures failures={data.failures} />
        <Times time_to={data.time_to} cost={data.cost} money={data.money} />
        <Countries countries={data.countries} />
        <Skipped skipped={data.skipped} audience={data.reached.audience} />
      </div>
    </section>
  );
}
