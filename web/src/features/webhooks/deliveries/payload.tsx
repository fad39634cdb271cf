import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { wordsOf } from "../../../lib/api.ts";
import { bytes } from "../../../lib/time.ts";
import type { DeliveryDetail } from "../../../lib/types.ts";
import { ExactText } from "../../../ui/exact-text.tsx";
import classes from "./delivery-drawer.module.css";
import { payloadQuery } from "./log-queries.ts";

/** What is sent: for reading, or the very bytes. */
export function Payload({ delivery }: { delivery: DeliveryDetail }) {
  const { data, error } = useQuery(payloadQuery(delivery.id));
  return (
    <section>
      {data ? (
        <ExactText
          title={
            <h3>
              {data.body === null ? "Payload, in base64: it is not text" : "Payload"}
              <small>{bytes(data.body_bytes)}</small>
            </h3>
          }
          what="the payload"
          exact={data.body ?? data.body_base64}
          is_text={data.body !== null}
          exact_label="As sent"
        />
      ) : (
        <>
          <h3>Payload</h3>
          {error ? <p className={classes["gone"]}>{wordsOf(error)}</p> : <Skeleton h={120} radius="md" />}
        </>
      )}
    </section>
  );
}
