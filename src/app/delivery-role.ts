import { wakeCalled } from "../automations/automations.ts";
import { OWN_POOLS } from "../config.ts";
import {
  createCaller,
  createDispatcher,
  createRetention,
  fanOutTo,
  measureDeliveries,
} from "../delivery/delivery.ts";
import { GAUGE_MS, startChore, started, startPool, type Parts } from "./parts.ts";
import { fanOutOf, guardOf, recoveriesOf } from "./shared-parts.ts";

export function startDelivery(parts: Parts): void {
  const { config, db, clock, box, listener } = parts;
  const log = parts.log.child({ part: "delivery" });
  const dispatcher = createDispatcher({
    db,
    own_db: startPool(parts, { name: "delivery", max: OWN_POOLS.delivery, by_index: true }),
    box,
    guard: guardOf(parts),
    log,
    clock,
  });
  fanOutOf(parts).to = fanOutTo(dispatcher.hand_off);
  listener.on("deliveries", () => dispatcher.wake());
  started(parts, dispatcher).start();
  const caller = createCaller({
    db,
    box,
    guard: guardOf(parts),
    clock,
    log: parts.log.child({ part: "calls" }),
    retention_days: config.retention_days,
    ended: wakeCalled,
  });
  listener.on("calls", () => caller.wake());
  started(parts, caller).start();
  const recoveries = recoveriesOf(parts);
  listener.on("recoveries", () => recoveries.wake());
  started(parts, recoveries).start();
  started(parts, createRetention({ db, clock, log, retention_days: config.retention_days })).start();
  startChore(parts, GAUGE_MS, () => measureDeliveries(db));
}
