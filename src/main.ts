import module from "node:module";
import { Command, Option } from "commander";
import { OperatorError } from "./base/base.ts";
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
  .description("recompute every count of the campaigns from their recipients, and print what differs")
  .option("--campaign <id>", "of one campaign (all)")
  .option("--repair", "correct the counts")
  .action(async (options: { campaign?: string; repair?: boolean }) =>
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

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof OperatorError ? `\n${error.message}\n` : error);
  // A channel to `npm start` would keep the process alive.
  process.exit(1);
}
