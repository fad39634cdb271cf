import { systemClock } from "../base/base.ts";
import { createCampaignListen, pauseAll } from "../campaigns/campaigns.ts";
import { dropMessages } from "../consent/consent.ts";
import { dropPending } from "../delivery/delivery.ts";
import type { Release, Released } from "../installation/installation.ts";
import { leaveUnconfirmed } from "../sending/sending.ts";

/**
 * What is done with what was pending in a database that was restored or copied, before it may send again. A module that
 * sends by itself belongs here: what its rows say may have been done since by another.
 */
export const RELEASES: Record<keyof Released, Release> = {
  // Meta can't be asked whether it has them: people decide, whatever is chosen for deliveries.
  sends: (tx, { before }) => leaveUnconfirmed(tx, before, createCampaignListen({ clock: systemClock })),
  // The other one may have gone on with them: a person resumes what is to go on here.
  campaigns: (tx) => pauseAll(tx, new Date(systemClock.now())),
  consent: (tx, { before }) => dropMessages(tx, before),
  // Endpoints know a delivery that they have by its id.
  deliveries: (tx, { before, pending }) =>
    pending === "drop" ? dropPending(tx, before) : Promise.resolve(0),
};
