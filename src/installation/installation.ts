/**
 * The installation module: which installation a database is, and whether it may send. One that was restored or copied is on
 * hold until a person confirms it (decision 0024).
 */
export { beat, checkHome, type Place } from "./home.ts";
export { confirm, holdRestored, readHold, WHY_HELD, type Hold, type Release, type Released } from "./hold.ts";
export { beatIntake, listOutages, type Outage } from "./outages.ts";
export { measureInstallation, readBackups, recordBackup, type Backups } from "./backups.ts";
