import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Card } from "../../../ui/page.tsx";
import { Failure } from "../../../ui/page-state.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Draft, reviewQuery } from "../model/model.ts";
import { REVIEW } from "../wizard-texts.ts";
import { Checks } from "./checks.tsx";
import { Estimates } from "./estimates.tsx";
import { LaunchCard } from "./launch-card.tsx";
import { Previews } from "./previews.tsx";
import classes from "./review.module.css";
import { TestSend } from "./test-send.tsx";

/** The last step: what is checked, how long it takes, what people would get, and the launch. */
export function ReviewStep({ draft }: { draft: Draft }) {
  const { campaign, version, saved } = draft;
  const query = useQuery({
    ...reviewQuery(campaign.id, version),
    enabled: saved,
    // What it looks at changes outside of this page: templates, consent, the connection.
    refetchInterval: 15_000,
  });
  const review = query.data;
  if (!review)
    return query.isError ? (
      <Card>
        <Failure error={query.error} retry={() => void query.refetch()} />
      </Card>
    ) : (
      <Skeleton h={380} radius={16} role="status" aria-label={REVIEW.checking} />
    );
  return (
    <div className={classes["review"]} data-stale={!saved || undefined}>
      <div className={common["column"]}>
        <Checks checks={review.checks} />
        <Estimates review={review} />
      </div>
      <div className={common["column"]}>
        <LaunchCard draft={draft} review={review} />
        <TestSend draft={draft} />
      </div>
      <div className={classes["wide"]}>
        <Previews previews={review.previews} />
      </div>
    </div>
  );
}
