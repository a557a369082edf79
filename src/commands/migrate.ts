import type { Command } from "commander";
import { migrate } from "../db/migrate.ts";
import { examples } from "./command-line.ts";
import { migrationsFolder, type Runtime } from "./runtime.ts";

export function register(program: Command, runtime: Runtime): void {
  program
    .command("migrate")
    .description("Bring the database to this version. Every other command does so too before it starts.")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples(["migrate", "makes the embedded database, or brings it up to date"]))
    .action((options: { json?: true }) => run(runtime, options));
}

async function run(runtime: Runtime, options: { json?: true }): Promise<void> {
  const connection = await runtime.connect();
  try {
    const { applied } = await migrate(connection.db, migrationsFolder);
    if (options.json) runtime.out(JSON.stringify({ applied }));
    else if (applied.length === 0) runtime.out("The database is up to date.");
    else runtime.out(["Applied:", ...applied.map((name) => `  ${name}`)].join("\n"));
  } finally {
    await connection.close();
  }
}
