import type { Clock } from "../../base/base.ts";
import type { Simulator } from "../webhooks/webhooks.ts";
import { type Odds, type Timing, type Update, USUAL_ODDS, USUAL_TIMING } from "../world/world.ts";
import type { AppState, Control, StandInSettings } from "./calls/calls.ts";
import { META_PACE } from "./state/state.ts";

export const USUAL: StandInSettings = {
  odds: USUAL_ODDS,
  timing: USUAL_TIMING,
  throughput: META_PACE.throughput,
  management_calls_per_h: null,
  windows: false,
  approved: 0.9,
};
export type SettingsChange = Partial<Omit<StandInSettings, "odds" | "timing">> & {
  odds?: Partial<Odds>;
  timing?: Partial<Timing>;
};

export interface GraphStandInOptions extends SettingsChange {
  /** Decides the outcomes of messages and templates; its people and numbers are the stand-in's. */
  simulator: Simulator;
  /** How its webhooks leave; as they are, one by one, when left out. */
  deliver?: (updates: readonly Update[]) => Promise<unknown>;
  /** The only token that is taken; any, when left out. */
  token?: string;
  /** Any secret is the app's when left out. */
  app?: { id: string; name?: string; secret?: string } & Partial<AppState>;
  /** Asks callback URLs for their verify token, as Meta does; off: any is taken, and nothing leaves this machine. */
  handshakes?: boolean;
  clock?: Clock;
  /** Of outages; the clock when left out. */
  elapsed_ms?: () => number;
  /** How it waits between the steps of a message; tests hand in one that doesn't. Rejects when the signal aborts. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  seed?: number;
  /** Calls that are none of Meta's: how it is driven. */
  control?: Control;
  /** Told of each message that is taken, at the moment at which it is. */
  onMessage?: (message: {
    wamid: string;
    phone_number_id: string;
    to: string;
    callback_data: string | null;
  }) => void;
}

export function settingsOf(options: SettingsChange): StandInSettings {
  return {
    odds: { ...USUAL.odds, ...options.odds },
    timing: { ...USUAL.timing, ...options.timing },
    throughput: options.throughput ?? USUAL.throughput,
    management_calls_per_h: options.management_calls_per_h ?? USUAL.management_calls_per_h,
    windows: options.windows ?? USUAL.windows,
    approved: options.approved ?? USUAL.approved,
  };
}
