import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { wordsOf } from "../../../lib/server/api.ts";
import { indentJson } from "../../../lib/words/indent-json.ts";
import type { Subscription } from "../../../lib/types.ts";
import { Code } from "../../../ui/code.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { samplesQuery } from "../model/model.ts";
import { EVENTS_CARD } from "../texts.ts";
import shared from "../webhooks.module.css";
import classes from "./parts.module.css";

/** What a webhook of this event looks like: the same that a test sends. */
export function Sample({ event }: { event: Subscription }) {
  const query = useQuery(samplesQuery);
  const payload = query.data?.data.find((sample) => sample.event === event)?.payload;
  if (query.isError) return <p className={shared["wrong"]}>{wordsOf(query.error)}</p>;
  if (payload === undefined) return <Skeleton h={120} radius="md" />;
  return (
    <div className={classes["peek"]}>
      <Code compact aria-label={EVENTS_CARD.sample_payload}>
        {indentJson(payload) ?? payload}
      </Code>
      <CopyButton text={payload} what="the sample" />
    </div>
  );
}
