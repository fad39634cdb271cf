import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { bytes } from "../../../lib/words/time.ts";
import type { DeliveryDetail, Endpoint } from "../../../lib/types.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { ExactText } from "../../../ui/exact-text.tsx";
import { curlOf } from "../../../lib/words/curl.ts";
import classes from "./delivery-drawer.module.css";
import { payloadQuery } from "../model/model.ts";
import { PAYLOAD, problemWords } from "../delivery-texts.ts";

/** What is sent: for reading, the very bytes, or the whole request as a command. */
export function Payload({ delivery, endpoint }: { delivery: DeliveryDetail; endpoint: Endpoint }) {
  const { data, error } = useQuery(payloadQuery(delivery.id));
  const headers = delivery.attempt_log.findLast(
    (attempt) => attempt.request_headers.length > 0,
  )?.request_headers;
  return (
    <section>
      {data ? (
        <>
          <ExactText
            title={
              <h3>
                {data.body === null ? PAYLOAD.base64 : PAYLOAD.title}
                <small>{bytes(data.body_bytes)}</small>
              </h3>
            }
            what={PAYLOAD.what}
            exact={data.body ?? data.body_base64}
            is_text={data.body !== null}
            exact_label={PAYLOAD.exact}
          />
          {headers && (
            <div className={classes["curl"]}>
              <CopyButton
                text={curlOf({ url: endpoint.url, headers, ...data })}
                what={PAYLOAD.curl_what}
                label={PAYLOAD.curl}
              />
              <small>
                {PAYLOAD.curl_hint}
                {headers.some(({ value }) => value === HIDDEN) && ` ${PAYLOAD.curl_hidden}`}
              </small>
            </div>
          )}
        </>
      ) : (
        <>
          <h3>{PAYLOAD.title}</h3>
          {error ? (
            <p className={classes["gone"]}>{problemWords(error)}</p>
          ) : (
            <Skeleton h={120} radius="md" />
          )}
        </>
      )}
    </section>
  );
}

/** In place of a custom header's value (src/delivery/signing/request-headers.ts). */
const HIDDEN = "••••••";
