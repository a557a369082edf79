import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { makeMonths } from "../../src/worker/month-partitions.ts";
import { sqlFolder } from "../db/migrations-hash.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { listCreatedIndexes } from "./index-comments.ts";
import { distributionKeys, listObstacles, listUniqueIndexes } from "./read-catalogue.ts";

const { db, close } = await scratchDatabase();
const root = join(import.meta.dirname, "../..");
const migrations = globSync("*.sql", { cwd: sqlFolder })
  .toSorted()
  .map((name) => readFileSync(join(sqlFolder, name), "utf8"));

afterAll(close);

describe("the schema can be distributed as it stands", () => {
  it("begins every primary key and unique index of a big table with the key that distributes it", async () => {
    const indexes = await listUniqueIndexes(db);
    const big = indexes.filter(({ table }) => table in distributionKeys);
    expect(big.filter(({ table, firstColumn }) => firstColumn !== distributionKeys[table])).toEqual([]);
    expect([...new Set(big.map(({ table }) => table))].sort()).toEqual(Object.keys(distributionKeys).sort());
  });

  it("knows every table as big, or as one that is copied to every machine", async () => {
    const { rows } = await sql<{ name: string }>`select relname as name from pg_class
      where relkind in ('r', 'p') and not relispartition and relnamespace = current_schema()::regnamespace order by 1`.execute(db);
    const copied = [
      "bulk_error",
      "bulk_export",
      "bulk_feed",
      "bulk_file",
      "alarm",
      "changed_hour",
      "feed",
      "feed_statement",
      "coverage",
      "due_run",
      "failed_window",
      "feed_cursor",
      "feed_hour",
      "migration",
      "normalised_with",
      "odd_hour",
      "open_window",
      "open_window_name",
      "open_window_page",
      "role_organisation",
      "run",
      "run_count",
      "run_feed",
      "series_judged",
      "series_period",
      "signal_in_force",
      "signal_version",
      "site",
      "source_server",
      "to_normalise",
      "unfetched",
    ];
    expect(rows.map((row) => row.name)).toEqual([...Object.keys(distributionKeys), ...copied].sort());
  });

  it("has no trigger, rule, foreign key or volatile default", async () => {
    expect(await listObstacles(db)).toEqual([]);
    await sql`create table obstacle (id integer primary key references site (site_id), at timestamptz default now(), key bigint default (random() * 9)::bigint)`.execute(
      db,
    );
    await sql`create rule obstacle_rule as on delete to obstacle do instead nothing`.execute(db);
    expect(new Set((await listObstacles(db)).map((each) => `${each.table}: ${each.what}`))).toEqual(
      new Set([
        "obstacle: rule obstacle_rule",
        "obstacle: foreign key obstacle_id_fkey",
        "obstacle: default now()",
        "obstacle: default ((random() * (9)::double precision))::bigint",
      ]),
    );
    await sql`drop table obstacle`.execute(db);
  });

  it("says of every index which question it serves", () => {
    const indexes = migrations.flatMap(listCreatedIndexes);
    expect(indexes.length).toBeGreaterThan(10);
    expect(indexes.filter((index) => !index.isExplained).map((index) => index.name)).toEqual([]);
  });

  it("creates no index that the migrations do not explain", async () => {
    const { rows } = await sql<{
      name: string;
    }>`select ind.relname as name from pg_index join pg_class ind on ind.oid = indexrelid join pg_class held on held.oid = indrelid
      where held.relnamespace = current_schema()::regnamespace and not held.relispartition and not exists (select from pg_constraint where conindid = indexrelid) order by 1`.execute(
      db,
    );
    expect(rows.map((row) => row.name)).toEqual(
      // One that is made anew, as something else, is created twice.
      [...new Set(migrations.flatMap(listCreatedIndexes).map((index) => index.name))].filter((name) => !isDropped(name)).sort(),
    );
  });

  /** By what comes last of an index. */
  function isDropped(name: string): boolean {
    const said = migrations.join("\n").match(new RegExp(`(?:create (?:unique )?index|drop index) ${name}\\b`, "g")) ?? [];
    return said.at(-1)?.startsWith("drop") ?? false;
  }

  it("uses no statement that Citus lacks", () => {
    const sources = globSync("{src,sql}/**/*.{ts,sql}", { cwd: root }).map((path) => ({
      path,
      text: readFileSync(join(root, path), "utf8"),
    }));
    const lacking =
      /\bskip\s+locked\b|\bgrouping\s+sets\b|\bgroup\s+by\s+(?:rollup|cube)\b|\bcreate\s+trigger\b|\bgen_random_uuid\b|\bnextval\b/i;
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter(({ text }) => lacking.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("never updates the column that distributes a table: what moves is deleted and inserted", () => {
    const sources = globSync("src/**/*.ts", { cwd: root }).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
    const faults = sources.flatMap(({ path, text }) => keyUpdates(text).map((table) => `${path}: ${table}`));
    expect(faults).toEqual([]);
    expect(["sql`update loop set patient_key = 1`", 'db.updateTable("record").set({ resource_key: other })'].flatMap(keyUpdates)).toEqual([
      "loop",
      "record",
    ]);
  });
});

/** Tables whose distributing column some statement of this source text sets. */
function keyUpdates(text: string): string[] {
  return Object.entries(distributionKeys).flatMap(([table, key]) => {
    const inSql = new RegExp(`\\bupdate ${table}\\b[^\`]*?\\bset\\b(?:(?!\\b(?:from|where)\\b)[^\`])*?\\b${key}\\s*=`);
    const inBuilder = new RegExp(`updateTable\\("${table}"\\)\\s*\\.set\\([^)]*\\b${key}:`);
    return inSql.test(text) || inBuilder.test(text) ? [table] : [];
  });
}

describe("care events by month", () => {
  it("makes a partition for each month that events fall in, once, and keeps what lies outside the century at the ends", async () => {
    await makeMonths(
      db,
      ["2025-03-31T23:59:59Z", "2025-04-01T00:00:00Z", "2025-04-30T12:00:00Z", "1999-12-31T00:00:00Z", "2100-01-01T00:00:00Z"].map(
        Date.parse,
      ),
    );
    await makeMonths(db, [Date.parse("2025-04-02T00:00:00Z")]);
    const { rows } = await sql<{
      name: string;
      bounds: string;
    }>`select child.relname as name, pg_get_expr(child.relpartbound, child.oid) as bounds
      from pg_inherits join pg_class child on child.oid = inhrelid where inhparent = 'care_event'::regclass order by 1`.execute(db);
    expect(rows).toEqual([
      { name: "care_event_2025_03", bounds: "FOR VALUES FROM ('2025-03-01 00:00:00+00') TO ('2025-04-01 00:00:00+00')" },
      { name: "care_event_2025_04", bounds: "FOR VALUES FROM ('2025-04-01 00:00:00+00') TO ('2025-05-01 00:00:00+00')" },
      { name: "care_event_after", bounds: "FOR VALUES FROM ('2100-01-01 00:00:00+00') TO (MAXVALUE)" },
      { name: "care_event_before", bounds: "FOR VALUES FROM (MINVALUE) TO ('2000-01-01 00:00:00+00')" },
    ]);
  });
});
