import { Command } from "commander";
import { OperatorError } from "./base/base.ts";

// Each command is loaded when it is asked for: `wharf --help` answers at once.
const program = new Command("wharf")
  .description("A self-hosted hub for WhatsApp Business webhooks.")
  .showHelpAfterError();

program
  .command("start")
  .description("start Wharf: its database when none is named, migrations, and its processes")
  .action(async () => (await import("./cli/start.ts")).start());

program
  .command("migrate")
  .description("bring the database's schema forward and end")
  .action(async () => (await import("./cli/migrate.ts")).migrateCommand());

program
  .command("doctor")
  .description("check the configuration and what Wharf needs, and say how to mend what is wrong")
  .action(async () => (await import("./cli/doctor.ts")).doctor());

program
  .command("process", { hidden: true })
  .description("one process of Wharf, under the supervisor of `wharf start`")
  .action(async () => (await import("./cli/process.ts")).runProcess());

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof OperatorError ? `\n${error.message}\n` : error);
  // A channel to `npm start` would keep the process alive.
  process.exit(1);
}
