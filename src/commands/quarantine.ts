import { InvalidArgumentError, type Command } from "commander";
import { siteConfig } from "../config/load-config.ts";
import type { Connection } from "../db/connect.ts";
import {
  countQuarantine,
  findQuarantined,
  listQuarantine,
  type Quarantined,
  type QuarantineCount,
  type QuarantinedWhole,
} from "../store/quarantine.ts";
import { replayQuarantine, type Replay } from "../worker/replay.ts";
import { commandLine, examples } from "./command-line.ts";
import { heldSites } from "./held-sites.ts";
import { commandLineViewer } from "../domain/viewer.ts";
import { recordQuarantineLook } from "../store/look.ts";
import { readKey, showKey, unknownKey } from "../store/quarantine-key.ts";
import { findQuarantinedWhole } from "../store/quarantine-page.ts";
import { getSite } from "../store/site.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { showInstant, toIso } from "../domain/show-times.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly site?: string;
  readonly limit: number;
  readonly json?: true;
}

export function register(program: Command, runtime: Runtime): void {
  const quarantine = program
    .command("quarantine")
    .description("What could not be used: kept whole, with the reason. A loop that it may bear on is unknown.");
  quarantine
    .command("list")
    .description("How many of each kind, and the newest. Nothing of the resources themselves is shown.")
    .option("--site <name>", "only this site")
    .option("--limit <number>", "how many to list", readLimit, 20)
    .option("--json", "print one JSON object")
    .addHelpText("after", examples(["quarantine list --site st-elsewhere", "lists what of one site could not be used"]))
    .action((flags: Flags) => withDatabase(runtime, (connection) => list(runtime, connection, flags)));
  quarantine
    .command("show")
    .description(
      "One resource whole, with its source, place and reason. It shows a patient's record: mind who looks on; the look is recorded.",
    )
    .argument("<key>", "as quarantine list shows it")
    .option("--json", "print one JSON object")
    .action((key: string, flags: Flags) => withDatabase(runtime, (connection) => show(runtime, connection, key, flags)));
  quarantine
    .command("replay")
    .description(
      "Try again to use what is in quarantine, after a new version or configuration. What can be used now is taken in and leaves it.",
    )
    .argument("[keys...]", "only these, as quarantine list shows them")
    .option("--site <name>", "only this site")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples(["quarantine replay", "tries everything again"]))
    .action((keys: string[], flags: Flags) => withDatabase(runtime, (connection) => replay(runtime, connection, keys, flags)));
}

function readLimit(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1 on.");
  return Number(text);
}

async function list(runtime: Runtime, connection: Connection, { site, limit, json }: Flags): Promise<void> {
  const { db } = connection;
  const siteId = site === undefined ? undefined : (await heldSites(connection, site))[0]?.siteId;
  const counts = await countQuarantine(db, siteId);
  const rows = await listQuarantine(db, { limit, ...(siteId !== undefined && { siteId }) });
  if (json) runtime.out(JSON.stringify({ counts, newest: rows.map(asJson) }));
  else if (rows.length === 0) runtime.out("Nothing is in quarantine: everything that was read could be used.");
  else runtime.out(showList(counts, rows));
}

function showList(counts: readonly QuarantineCount[], rows: readonly Quarantined[]): string {
  const total = counts.reduce((sum, each) => sum + each.count, 0);
  return [
    `In quarantine: ${total}`,
    showTable(
      ["site", "why", "type", "count"],
      counts.map((each) => [each.site, each.code, each.type ?? "-", each.count]),
    ),
    "",
    total > rows.length ? `The newest ${rows.length} (--limit shows more):` : "All of them, the newest first:",
    ...rows.map(
      (row) =>
        `  ${showKey(row.key)}  ${row.site} ${row.source} ${row.type ?? "-"}  ${row.file}:${row.line}\n      ${row.code}: ${row.reason}`,
    ),
    "",
    `See one whole:  ${commandLine} quarantine show ${rows[0] ? showKey(rows[0].key) : "KEY"}`,
    `Try them again: ${commandLine} quarantine replay`,
  ].join("\n");
}

async function show(runtime: Runtime, { db }: Connection, text: string, { json }: Flags): Promise<void> {
  const key = readKey(text);
  const found = await findQuarantinedWhole(db, commandLineViewer, key);
  if (!found) throw unknownKey(text);
  const { siteId } = await getSite(db, found.site);
  const look = { id: runtime.makeId(), siteId, key, how: "quarantine show", at: runtime.clock() };
  await recordQuarantineLook(db, commandLineViewer, look);
  runtime.out(json ? JSON.stringify({ ...asJson(found), body: found.body }) : showWhole(found));
}

function showWhole(found: QuarantinedWhole): string {
  const { site, source, type, code, reason, file, line, since, body } = found;
  return [
    `${type ?? "Something"} of site ${site}, source ${source}: ${file}, line or entry ${line}`,
    `${code}: ${reason}`,
    ...(since === undefined ? [] : [`First met by the scan of ${showInstant(since)}.`]),
    "",
    laidOut(body),
  ].join("\n");
}

async function replay(runtime: Runtime, connection: Connection, texts: readonly string[], { site, json }: Flags): Promise<void> {
  const keys = texts.map(readKey);
  for (const [index, key] of keys.entries()) if (!(await findQuarantined(connection.db, key))) throw unknownKey(texts[index] ?? "");
  const config = runtime.loadConfig();
  const replays: Replay[] = [];
  const sites = new Set((await countQuarantine(connection.db)).map((each) => each.site));
  for (const { name } of await heldSites(connection, site)) {
    if (!sites.has(name)) continue;
    const done = await replayQuarantine(connection, { config: siteConfig(config, name), ...(keys.length > 0 && { keys }) }, runtime);
    if (done.tried > 0) replays.push(done);
  }
  if (json) runtime.out(JSON.stringify({ sites: replays }));
  else runtime.out(replays.length === 0 ? "There was nothing to try again." : showReplays(replays));
}

function showReplays(replays: readonly Replay[]): string {
  const lines = replays.map(({ site: name, tried, stored, duplicate, skipped, left }) => [name, tried, stored, duplicate, skipped, left]);
  const usable = replays.some((each) => each.left < each.tried);
  return [
    showTable(["site", "tried again", "stored", "duplicate", "skipped", "still in quarantine"], lines),
    "",
    usable
      ? `Judge with what is known now: ${commandLine} detect`
      : "None of it can be used yet: correct it at its source and read it again.",
  ].join("\n");
}

function asJson({ key, since, ...row }: Quarantined): object {
  const { site, source, type, code, reason, file, line } = row;
  return {
    key: showKey(key),
    site,
    source,
    type: type ?? null,
    code,
    reason,
    file,
    line,
    since: since === undefined ? null : toIso(since),
  };
}

function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
