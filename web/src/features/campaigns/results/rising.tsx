import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { lazyPart } from "../../../lib/page/chunks.ts";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Reached, seriesQuery } from "../model/model.ts";
import { RISING } from "../result-texts.ts";

const RisingChart = lazyPart(() => import("./rising-chart.tsx"), "RisingChart");

/** How the counts rose since the start. */
export function Rising({ campaign_id, reached }: { campaign_id: string; reached: Reached }) {
  const { data } = useQuery(seriesQuery(campaign_id));
  return (
    <Card className={common["block"]}>
      <h2>{RISING.title}</h2>
      {data === undefined ? (
        <Skeleton h={230} radius={10} />
      ) : data.points.length < 2 ? (
        <p className={common["hint"]}>{RISING.too_early}</p>
      ) : (
        <Suspense fallback={<Skeleton h={230} radius={10} />}>
          <RisingChart series={data} reached={reached} />
        </Suspense>
      )}
    </Card>
  );
}
