import type { Delivery } from "../../../lib/types.ts";
import { DeliveryStateTag } from "../../../ui/delivery-state.tsx";
import classes from "./deliveries.module.css";
import { STATE_TEXTS } from "../delivery-texts.ts";

/** Where a delivery stands, and what is special about it. */
export function DeliveryTags({ delivery: { state, under_way, kind, resent } }: { delivery: Delivery }) {
  return (
    <span className={classes["tags"]}>
      <DeliveryStateTag state={state} under_way={under_way} />
      {kind !== "event" && <span className={classes["mark"]}>{STATE_TEXTS[kind]}</span>}
      {resent && <span className={classes["mark"]}>{STATE_TEXTS.resent}</span>}
    </span>
  );
}
