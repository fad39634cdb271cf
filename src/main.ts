import module from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import { OperatorError } from "./base/base.ts";
import type { BackupFlags, RestoreFlags } from "./cli/backup/backup.ts";
import { keepYoungSmall, nameTheRuntime } from "./cli/supervisor/heap.ts";

// Node 22 and newer keep what they compiled, for the next start.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
nameTheRuntime();

// Each command is loaded when it is asked for: `wharf --help` answers at once.
const program = new Command("wharf")
  .description("A self-hosted hub for WhatsApp Business webhooks.")
  .showHelpAfterError();

program
  .command("start")
  .description("start Wharf: its database when none is named, migrations, and its processes")
  .option("--without-lost-keys", "start though a master key is missing that the database was made with")
  .action(async (options: { withoutLostKeys?: boolean }) => {
    keepYoungSmall();
    await (await import("./cli/start.ts")).start(options);
  });

program
  .command("migrate")
  .description("bring the database's schema forward and end")
  .action(async () => (await import("./cli/migrate.ts")).migrateCommand());

program
  .command("doctor")
  .description("check the configuration and what Wharf needs, and say how to fix what is wrong")
  .action(async () => (await import("./cli/doctor/doctor.ts")).doctor());

program
  .command("verify")
  .description(
    "recompute every count of campaigns and automations from what they count, and print what differs",
  )
  .option("--campaign <id>", "of one campaign (all)")
  .option("--automation <id>", "of one automation (all)")
  .option("--repair", "correct the counts")
  .action(async (options: { campaign?: string; automation?: string; repair?: boolean }) =>
    (await import("./cli/verify.ts")).verifyCommand(options),
  );

const key = program.command("key").description("API keys");
key
  .command("make")
  .description("make a key with the owner's rights; it is shown once")
  .requiredOption("--name <name>", "what the key is for")
  .option("--workspace <slug>", "whose key (the first workspace)")
  .action(async (options: { name: string; workspace?: string }) =>
    (await import("./cli/key.ts")).makeKey(options),
  );
key
  .command("list")
  .description("show what keys there are")
  .action(async () => (await import("./cli/key.ts")).listKeys());
key
  .command("revoke <id>")
  .description("end a key")
  .action(async (id: string) => (await import("./cli/key.ts")).revokeKey(id));

program
  .command("user")
  .description("people")
  .command("link [email]")
  .description(
    "make a one-time sign-in link, for someone who is locked out; without an email, list the accounts",
  )
  .option("--url <url>", "where people reach the pages, when not where Wharf listens")
  .action(async (email: string | undefined, options: { url?: string }) =>
    (await import("./cli/user.ts")).linkUser(email, options),
  );

program
  .command("media")
  .description("files that people sent, and files to send")
  .command("move")
  .description("carry stored files over to the bucket; may be ended at any time and begun again")
  .addOption(
    new Option("--to <place>", "folder: back to the data directory")
      .choices(["bucket", "folder"])
      .default("bucket"),
  )
  .action(async (options: { to: "bucket" | "folder" }) =>
    (await import("./cli/media-command.ts")).moveMedia(options),
  );

const backup = program
  .command("backup")
  .description("write all rows and files of this moment to a folder or bucket, beside a Wharf that runs")
  .option("--to <place>", "a folder, or s3://bucket/prefix (WHARF_BACKUP_TO)")
  .option("--keep <count>", "remove older ones of this Wharf, so that so many are left", countOf)
  .option("--no-files", "leave out the files that people sent")
  .option(
    "--passphrase-file <path>",
    "put the master key in, under this passphrase (WHARF_BACKUP_PASSPHRASE)",
  )
  .action(async (options: BackupFlags) => (await import("./cli/backup/backup.ts")).backupCommand(options));
backup
  .command("list")
  .description("show the backups that are whole")
  .option("--to <place>", "a folder, or s3://bucket/prefix (WHARF_BACKUP_TO)")
  .action(async (options: { to?: string }, command: Command) =>
    (await import("./cli/backup/backup.ts")).listBackups({ ...command.parent?.opts(), ...options }),
  );
backup
  .command("check <from>")
  .description("read all of a backup and say whether it is whole")
  .action(async (from: string) => (await import("./cli/backup/backup.ts")).checkCommand(from));

program
  .command("restore [from]")
  .description("restore a backup into an empty database; nothing is sent until you confirm")
  .option("--replace", "delete what is in the database first; asked for twice")
  .option("--delete-what-is-there", "the second time")
  .option("--without-keys", "restore though the master key is lost")
  .option("--passphrase-file <path>", "of the master key in the backup (WHARF_BACKUP_PASSPHRASE)")
  .option("--confirm", "what was restored or copied may send from now on")
  .addOption(
    new Option("--pending <what>", "with --confirm: webhooks that waited at the time of the backup").choices([
      "send",
      "drop",
    ]),
  )
  .action(async (from: string | undefined, options: RestoreFlags) =>
    (await import("./cli/backup/backup.ts")).restoreCommand(from, options),
  );

program
  .command("replay")
  .description("sign payload files and post them to a running Wharf, as Meta would")
  .helpOption(false)
  .allowUnknownOption()
  .argument("[arguments...]")
  .action(async (_: string[], __: object, command: Command) => {
    await (await import("./cli/replay/replay.ts")).replayCommand().parseAsync(command.args, { from: "user" });
  });

program
  .command("simulate")
  .description("post made-up webhooks at a given rate, or stand in for Meta's Graph API (simulate graph)")
  .helpOption(false)
  .allowUnknownOption()
  .argument("[arguments...]")
  .action(async (_: string[], __: object, command: Command) => {
    await (
      await import("./cli/simulate/simulate.ts")
    )
      .simulateCommand()
      .parseAsync(command.args, { from: "user" });
  });

program
  .command("process", { hidden: true })
  .description("one process of Wharf, under the supervisor of `wharf start`")
  .action(async () => {
    keepYoungSmall();
    (await import("./cli/supervisor/process.ts")).runProcess();
  });

function countOf(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("Write a number of backups, 1 or more.");
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof OperatorError ? `\n${error.message}\n` : error);
  // A channel to `npm start` would keep the process alive.
  process.exit(1);
}
