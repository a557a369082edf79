import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { showTable } from "../../src/commands/show-table.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { enabledByDefault, readCatalogue } from "../../src/signals/catalogue.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { copyWhatWasRead, writeFloor } from "./floor.ts";
import { endOf, writeFeed } from "./generate-feed.ts";

/**
 * How the parts of a scan compare with each other and with a floor taken in the same run. Seconds say something of the
 * machine; only the ratios say something of the program.
 */
const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    patients: { type: "string", default: "1000" },
    days: { type: "string", default: "30" },
    "reports-a-day": { type: "string", default: "150" },
  },
});
const size = { patients: Number(values.patients), days: Number(values.days), reportsADay: Number(values["reports-a-day"]) };

const folder = mkdtempSync(join(tmpdir(), "followthrough-bench-"));
const [history, day] = [join(folder, "history"), join(folder, "day")];
writeFeed(history, size, 0, size.days);
writeFeed(day, size, size.days, size.days + 1);

const connection = await scratchDatabase();
const bare = await scratchDatabase();
try {
  const measured = await measure(connection, bare);
  if (values.json) console.log(JSON.stringify({ size, ...measured }));
  else console.log(describe(measured));
} finally {
  await connection.close();
  await bare.close();
  rmSync(folder, { recursive: true });
}

type Measured = Awaited<ReturnType<typeof measure>>;

async function measure(connection: Connection, bare: Connection) {
  const ingest = await time(() => scan(connection, { folder: history, pullOnly: true }));
  const copies = await copyWhatWasRead(connection);
  const floor = await time(() => writeFloor(bare, history, copies));
  const resources = await count(connection, "resource_version");
  let relatedAt = performance.now();
  const judgeStart = relatedAt;
  const judged = await time(() =>
    scan(connection, {
      now: endOf(size.days),
      progress: {
        normalising: () => undefined,
        reading: () => undefined,
        windowRead: () => undefined,
        relating: () => (relatedAt = performance.now()),
        judging: () => undefined,
      },
    }),
  );
  const increment = await time(() => scan(connection, { folder: day, now: endOf(size.days + 1) }));
  const rebuild = await time(() => scan(connection, { now: endOf(size.days + 1), rebuild: true }));
  const relate = (relatedAt - judgeStart) / 1000;
  return {
    database: connection.kind,
    resources,
    loops: await count(connection, "loop"),
    seconds: { ingest, floor, relate, detect: judged - relate, increment, rebuild },
    ratios: { ingestToFloor: ingest / floor, incrementToRebuild: increment / rebuild },
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function scan(connection: Connection, options: Partial<Omit<ScanOptions, "sources">> & { readonly folder?: string }) {
  const { folder: source, ...rest } = options;
  const config = siteConfig(loadConfig({ env: {} }), "bench");
  const signals = readCatalogue().flatMap(({ signal }) => (enabledByDefault.includes(signal.id) ? [signal] : []));
  const sources = source === undefined ? [] : [{ name: "folder", folder: source }];
  return scanSite(connection, { config, sources, signals, ...rest }, { clock: () => endOf(size.days + 2), makeId: randomUUID });
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function count({ db }: Connection, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from ${sql.table(table)}`.execute(db);
  return rows[0]?.count ?? 0;
}

function describe({ database, resources, loops, seconds, ratios, peakMb }: Measured): string {
  const row = (what: string, took: number, per: string): string[] => [what, `${took.toFixed(1)} s`, per];
  const rate = (number: number, took: number, of: string): string => `${Math.round(number / took)} ${of} a second`;
  const rows = [
    row("floor: parse and insert the same rows", seconds.floor, rate(resources, seconds.floor, "resources")),
    row("ingest", seconds.ingest, `${ratios.ingestToFloor.toFixed(1)} × the floor; ${rate(resources, seconds.ingest, "resources")}`),
    row("relate", seconds.relate, rate(resources, seconds.relate, "resources")),
    row("detect", seconds.detect, `${rate(size.patients, seconds.detect, "patients")}; ${rate(loops, seconds.detect, "loops")}`),
    row("one day more", seconds.increment, `${(100 * ratios.incrementToRebuild).toFixed(0)} % of a rebuild`),
    row("rebuild", seconds.rebuild, rate(resources, seconds.rebuild, "resources")),
  ];
  return [
    `${resources} resources of ${size.patients} patients in ${size.days} days, ${loops} loops, ${database} database, ${peakMb} MB at most.`,
    "Seconds hang on the machine and on what else it does; compare the ratios.",
    "",
    showTable(["what", "took", "which is"], rows),
  ].join("\n");
}
