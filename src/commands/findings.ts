import { Option, type Command } from "commander";
import type { Connection } from "../db/connect.ts";
import type { Finding } from "../domain/finding.ts";
import { commandLineViewer as viewer } from "../domain/viewer.ts";
import type { FindingFilter } from "../store/finding-filter.ts";
import type { Cursor } from "../store/finding-rows.ts";
import { listFindings } from "../store/finding.ts";
import { countFindings } from "../store/held-back.ts";
import { recordLook } from "../store/look.ts";
import { readShownNames } from "../store/newest-facts.ts";
import { listSites } from "../store/site.ts";
import { listUnknowns } from "../store/unknown.ts";
import { commandLine, examples } from "./command-line.ts";
import { findingsCsv } from "./findings-csv.ts";
import { optionOf, readLimit, type FindingsOptions } from "./findings-filter.ts";
import { countLines, findingsTable } from "./findings-table.ts";
import { showUnknowns } from "./show-unknowns.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { wrapText } from "./wrap-text.ts";
import { readFindingFilter, readKnownNames } from "../insight/read-finding-filter.ts";
import { readSeenSoFar, type SeenSoFar } from "../insight/seen-so-far.ts";

const pageSize = 200;
const rowsOfTable = 50;
const explainedMost = 3;

export function register(program: Command, runtime: Runtime): void {
  program
    .command("findings")
    .description("List what may have been missed, the most urgent first: the worklist, unless --all")
    .addOption(new Option("--json", "one JSON object a line").conflicts("csv"))
    .option("--csv", "one row a finding")
    .option("--all", "every tier and status, and test patients")
    .option("--limit <number>", `at most so many (a table: ${rowsOfTable}; else all)`)
    .option("--id <id...>", "findings by their id, whatever their verdict")
    .option("--site <name...>")
    .option("--signal <id...>")
    .option("--verdict <verdict...>", "missed, late, unknown; also met, pending, cancelled")
    .option("--status <status...>", "open, in-review, confirmed, dismissed, closed, resolved")
    .option("--urgency <urgency...>", "critical, abnormal, not-said, normal")
    .option("--team <key...>", "as findings carry it: Organization/ward-2, or unassigned")
    .option("--patient <reference>", "Patient/id, or system|value")
    .option("--subject <reference>", "DiagnosticReport/id, …")
    .option("--opened-from <time>", "opened at or after")
    .option("--opened-to <time>", "opened before")
    .option("--due-from <time>", "due at or after")
    .option("--due-to <time>", "due before")
    .addHelpText(
      "after",
      examples(
        ["findings", "the worklist as a table"],
        ["findings --json --verdict missed --urgency critical", "critical results that were missed, for a program"],
        ["findings --all --csv > findings.csv", "everything, for a spreadsheet"],
      ),
    )
    .action(async (options: FindingsOptions) => {
      await withDatabase(runtime, (connection) => showFindings(connection, runtime, options));
    });
}

async function showFindings(connection: Connection, runtime: Runtime, options: FindingsOptions): Promise<void> {
  const { db } = connection;
  const config = runtime.loadConfig();
  const filter = readFindingFilter(options, await readKnownNames(db, viewer, config), config, optionOf);
  const limit = readLimit(options.limit);
  const seen = await readSeenSoFar(connection, filter.sites);
  if (options.json || options.csv) await writeAll(connection, runtime, filter, limit, options);
  else await writeTable(connection, runtime, filter, limit ?? rowsOfTable, seen);
  // Never on standard output, which a program reads.
  if ((options.json || options.csv) && (seen.isIncomplete || !seen.isScanned)) runtime.err(warning(seen));
  runtime.setExitCode(seen.isIncomplete ? 3 : 0);
}

function warning(seen: SeenSoFar): string {
  if (!seen.isScanned && seen.lines.length === 0) return nothingScanned;
  return `What is not listed may have been missed all the same:\n${seen.lines.join("\n")}`;
}

const nothingScanned = `Nothing has been scanned yet. Read some records first: ${commandLine} scan --from FOLDER, or see it at work: ${commandLine} demo`;

/** Page by page, so that nothing large is held; each page is recorded as looked at before it is shown. */
async function writeAll(
  { db }: Connection,
  runtime: Runtime,
  filter: FindingFilter,
  limit: number | undefined,
  { csv }: FindingsOptions,
): Promise<void> {
  let left = limit ?? Infinity;
  let after: Cursor | undefined;
  let isFirst = true;
  do {
    const page = await listFindings(db, viewer, filter, { limit: Math.min(left, pageSize), order: "urgency", ...(after && { after }) });
    await look({ db }, runtime, page.findings, csv ? "findings --csv" : "findings --json");
    const text = csv ? findingsCsv(page.findings, isFirst) : page.findings.map((finding) => JSON.stringify(finding)).join("\n");
    if (text !== "") runtime.out(text);
    left -= page.findings.length;
    after = page.next;
    isFirst = false;
  } while (after && left > 0);
}

async function writeTable({ db }: Connection, runtime: Runtime, filter: FindingFilter, limit: number, seen: SeenSoFar): Promise<void> {
  if (!seen.isScanned && seen.lines.length === 0) {
    runtime.out(nothingScanned);
    return;
  }
  const { findings } = await listFindings(db, viewer, filter, { limit, order: "urgency" });
  const counts = await countFindings(db, viewer, filter);
  const asksForUnknowns = filter.verdicts?.includes("unknown") ?? true;
  const unknowns = asksForUnknowns ? await listUnknowns(db, viewer, filter) : [];
  const judgedAt = new Map((await listSites(db)).map((site) => [site.name, site.judgedAt ?? 0]));
  const names = await readNames({ db }, findings);
  await look({ db }, runtime, findings, "findings");
  const table = findings.length === 0 ? noneFound(filter, seen) : findingsTable(findings, names, judgedAt);
  // Of a few, the table leaves room to say all of it.
  const explained =
    findings.length > explainedMost ? [] : findings.map(({ id, explanation }) => `\n${wrapText(`${id}: ${explanation}`, 2)}`);
  runtime.out([table, ...explained, "", ...countLines(findings.length, counts), ...showUnknowns(unknowns), "", ...seen.lines].join("\n"));
}

/** An empty list is no statement that nobody was missed. */
function noneFound(filter: FindingFilter, seen: SeenSoFar): string {
  const blind = seen.isIncomplete ? " That does NOT mean that nothing was missed: not everything could be seen." : "";
  const hint = filter.all ? "" : " With --all, settled ones and other tiers are listed too.";
  return `No finding fits what was asked.${blind}${hint}`;
}

async function readNames({ db }: Pick<Connection, "db">, findings: readonly Finding[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [site, ofSite] of Map.groupBy(findings, (finding) => finding.site)) {
    const keys = ofSite.flatMap(({ patient, team }) => [patient, team]).filter((key) => key !== null);
    for (const [key, name] of await readShownNames(db, site, keys)) names.set(`${site} ${key}`, name);
  }
  return names;
}

async function look({ db }: Pick<Connection, "db">, runtime: Runtime, findings: readonly Finding[], how: string): Promise<void> {
  await recordLook(db, viewer, { how, shown: findings, at: runtime.clock() }, runtime.makeId);
}
