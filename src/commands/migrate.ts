import type { Command } from "commander";
import { distribute } from "../db/distribute.ts";
import { examples } from "./command-line.ts";
import type { Runtime } from "./runtime.ts";

interface MigrateOptions {
  readonly json?: true;
  readonly citus?: true;
}

export function register(program: Command, runtime: Runtime): void {
  program
    .command("migrate")
    .description("Bring the database to this version. Every other command does so too before it starts.")
    .option("--citus", "then distribute its tables over the machines of a Citus cluster (docs/scale.md)")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples(
        ["migrate", "makes the embedded database, or brings it up to date"],
        ["migrate --citus", "also distributes what is not distributed yet"],
      ),
    )
    .action((options: MigrateOptions) => run(runtime, options));
}

async function run(runtime: Runtime, { json, citus }: MigrateOptions): Promise<void> {
  let applied: readonly string[] = [];
  const connection = await runtime.openDatabase({ onMigrated: (names) => (applied = names) });
  let distributed: readonly string[] = [];
  try {
    if (citus) distributed = await distribute(connection.db);
  } finally {
    await connection.close();
  }
  if (json) runtime.out(JSON.stringify({ applied, ...(citus && { distributed }) }));
  else
    runtime.out(
      [
        ...listed("Applied:", applied, "The database is up to date."),
        ...(citus ? listed("Distributed:", distributed, "Every table is distributed.") : []),
      ].join("\n"),
    );
}

function listed(title: string, names: readonly string[], otherwise: string): string[] {
  return names.length === 0 ? [otherwise] : [title, ...names.map((name) => `  ${name}`)];
}
