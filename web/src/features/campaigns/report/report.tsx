import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconArrowLeft, IconChartBar, IconDownload } from "@tabler/icons-react";
import { Suspense } from "react";
import { lazyPart } from "../../../lib/page/chunks.ts";
import { useTitle } from "../../../lib/page/title.ts";
import { sinceTime } from "../../../lib/words/spans.ts";
import { Card, Page } from "../../../ui/page.tsx";
import { Empty, Failure } from "../../../ui/page-state.tsx";
import { type ReportFilter, reportFilterOf, reportQuery } from "../model/model.ts";
import { LIST, TITLE } from "../texts.ts";
import { REPORT } from "../report-texts.ts";
import { ReportFilters } from "./report-filters.tsx";
import { ReportTable } from "./report-table.tsx";
import classes from "./report.module.css";

const route = getRouteApi("/shell/campaigns/report");
const ReportChart = lazyPart(() => import("./report-chart.tsx"), "ReportChart");

/** What came of all campaigns in a time, by one thing. */
export function ReportPage() {
  useTitle(REPORT.title, TITLE);
  const filter = reportFilterOf(route.useSearch());
  const query = useQuery(reportQuery(filter));
  const report = query.data;
  return (
    <Page
      above={
        <Link to="/campaigns" className={classes["back"]}>
          <IconArrowLeft size={16} aria-hidden /> {LIST.back}
        </Link>
      }
      title={REPORT.title}
      lead={REPORT.lead}
      action={
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          href={csvOf(filter)}
          download
        >
          {REPORT.csv}
        </Button>
      }
    >
      <ReportFilters filter={filter} />
      {report === undefined ? (
        query.isError ? (
          <Card>
            <Failure error={query.error} retry={() => void query.refetch()} />
          </Card>
        ) : (
          <Skeleton h={420} radius={16} role="status" aria-label={LIST.loading} />
        )
      ) : report.rows.length === 0 ? (
        <Card>
          <Empty icon={<IconChartBar size={26} stroke={1.6} />} title={REPORT.none}>
            {REPORT.none_text}
          </Empty>
        </Card>
      ) : (
        <div className={classes["report"]} data-stale={query.isPlaceholderData || undefined}>
          <Suspense fallback={<Skeleton h={280} radius={16} />}>
            <ReportChart report={report} />
          </Suspense>
          <ReportTable report={report} />
        </div>
      )}
    </Page>
  );
}

function csvOf({ by = "day", since = "30d", until, number }: ReportFilter): string {
  const asked = { by, since: sinceTime(since), until, phone_number_id: number };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined) as [string, string][];
  return `/api/v1/reports/campaigns.csv?${new URLSearchParams(given)}`;
}
