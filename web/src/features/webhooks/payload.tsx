import { SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { wordsOf } from "../../lib/api.ts";
import { indentJson } from "../../lib/indent-json.ts";
import { bytes } from "../../lib/time.ts";
import type { DeliveryDetail } from "../../lib/types.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import classes from "./delivery-drawer.module.css";
import { payloadQuery } from "./log-queries.ts";

/** What is sent: for reading, or the very bytes. Copying takes the bytes. */
export function Payload({ delivery }: { delivery: DeliveryDetail }) {
  const { data, error } = useQuery(payloadQuery(delivery.id));
  const readable = useMemo(() => (data?.body ? indentJson(data.body) : null), [data]);
  const [view, setView] = useState<"readable" | "exact">("readable");
  const exact = data ? (data.body ?? data.body_base64) : null;
  return (
    <section>
      <div className={classes["bar"]}>
        <h3>
          {data && data.body === null ? "Payload, in base64: it is not text" : "Payload"}
          {data && <small>{bytes(data.body_bytes)}</small>}
        </h3>
        {readable !== null && (
          <SegmentedControl
            size="xs"
            aria-label="How to show the payload"
            data={[
              { value: "readable", label: "Readable" },
              { value: "exact", label: "As sent" },
            ]}
            value={view}
            onChange={(value) => setView(value)}
          />
        )}
        {exact !== null && <CopyButton text={exact} what="the payload" />}
      </div>
      {exact !== null ? (
        <pre
          className={classes["payload"]}
          data-wrap={view === "exact" || readable === null || undefined}
          tabIndex={0}
        >
          {view === "readable" && readable !== null ? readable : exact}
        </pre>
      ) : error ? (
        <p className={classes["gone"]}>{wordsOf(error)}</p>
      ) : (
        <Skeleton h={120} radius="md" />
      )}
    </section>
  );
}
