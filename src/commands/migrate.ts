import type { Command } from "commander";
import { examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";

export function register(program: Command, runtime: Runtime): void {
  program
    .command("migrate")
    .description("Bring the database to this version. Every other command does so too before it starts.")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples(["migrate", "makes the embedded database, or brings it up to date"]))
    .action((options: { json?: true }) => run(runtime, options));
}

async function run(runtime: Runtime, { json }: { json?: true }): Promise<void> {
  let applied: readonly string[] = [];
  const connection = await runtime.openDatabase({ onMigrated: (names) => (applied = names) });
  await connection.close();
  if (json) runtime.out(JSON.stringify({ applied }));
  else if (applied.length === 0) runtime.out("The database is up to date.");
  else runtime.out(["Applied:", ...applied.map((name) => `  ${name}`)].join("\n"));
}
