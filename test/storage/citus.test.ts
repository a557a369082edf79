import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { distribute, readDistributions } from "../../src/db/distribute.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

const { db, close } = await scratchDatabase();
const root = join(import.meta.dirname, "../..");
const distributions = readDistributions();
/** Of the coordinator alone. */
const local = ["migration"];

afterAll(close);

async function listTables(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = current_schema()::regnamespace order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

describe("sql/citus.sql", () => {
  it("says of every table by what it is distributed, that it is copied, or that it stays; each once", async () => {
    const named = distributions.map(({ table }) => table);
    expect([...named, ...local].sort()).toEqual(await listTables());
    expect(new Set(named).size).toBe(named.length);
  });

  it("distributes by a column that stands in every unique key of the table, and that cannot be null", async () => {
    const { rows } = await sql<{ table: string; columns: string[]; required: string[] }>`
      select held.relname as "table", array(select attname::text from pg_attribute where attrelid = held.oid and attnum = any(indkey)) as columns,
        array(select attname::text from pg_attribute where attrelid = held.oid and attnotnull) as required
      from pg_index join pg_class held on held.oid = indrelid
      where (indisunique or indisexclusion) and not held.relispartition and held.relnamespace = current_schema()::regnamespace`.execute(db);
    const spread = distributions.filter(({ key }) => key !== undefined);
    for (const { table, key } of spread) {
      const unique = rows.filter((row) => row.table === table);
      expect([
        table,
        unique.length > 0,
        unique.every(({ columns, required }) => columns.includes(key!) && required.includes(key!)),
      ]).toEqual([table, true, true]);
    }
    expect(spread.length).toBeGreaterThan(15);
  });

  it("puts beside each other only what is distributed by columns of one type, and after the other", async () => {
    const { rows } = await sql<{ table: string; column: string; type: string }>`
      select attrelid::regclass::text as "table", attname as "column", format_type(atttypid, atttypmod) as type from pg_attribute
      where attnum > 0 and attrelid in (select oid from pg_class where relnamespace = current_schema()::regnamespace)`.execute(db);
    const typeOf = (table: string): string | undefined => {
      const key = distributions.find((each) => each.table === table)?.key;
      return rows.find((row) => row.table === table && row.column === key)?.type;
    };
    const places = distributions.map(({ table }) => table);
    for (const { table, beside } of distributions.filter((each) => each.beside !== undefined && each.beside !== "none")) {
      expect([table, typeOf(table)]).toEqual([table, typeOf(beside!)]);
      expect(places.indexOf(beside!)).toBeLessThan(places.indexOf(table));
    }
  });

  it("has no foreign key to keep over machines", async () => {
    const { rows } = await sql`select conname from pg_constraint where contype = 'f'`.execute(db);
    expect(rows).toEqual([]);
  });
});

/** Reads of care events that name no patient, so that each machine is asked, with the reason why that is right. */
const scattered: Readonly<Record<string, string>> = {
  "src/store/measured-event.ts": "a number of a whole site",
  "src/worker/join-people.ts": "whose loops hang on who somebody is: asked when that changes, whoever the patients are",
  "src/store/populated.ts": "what share of the resources of a site led to an event: counted for doctor alone",
};
const sources = globSync("src/{store,worker,insight}/**/*.ts", { cwd: root }).map((path) => ({
  path,
  text: readFileSync(join(root, path), "utf8"),
}));
const namesPatient = /patient_key"?,?\s*(?:=|<>|"=")/;

describe("the hot paths", () => {
  it("read care events by patient, and say why where they do not", () => {
    const found = sources.filter(({ text }) =>
      [...statementsOf(text), ...builtOf(text)].some(
        (part) => /\b(?:from|join|selectFrom\(")\s*care_event\b/.test(part) && !namesPatient.test(part),
      ),
    );
    expect(found.map(({ path }) => path).sort()).toEqual(Object.keys(scattered).sort());
  });

  it("change what was concluded by patient, or by person where a person concluded it", () => {
    const changes = /\b(?:update|delete from)\s+(?:loop|review|care_event|closing_seen|patient_wake|dirty_patient)\b/;
    const found = sources.flatMap(({ path, text }) =>
      statementsOf(text)
        .filter((part) => changes.test(part))
        .map((part) => ({ path, part })),
    );
    expect(found.length).toBeGreaterThan(5);
    // Removing what is gone says whose it is in a part of its own.
    expect(found.filter(({ part }) => !namesPatient.test(part) && !part.includes("${isTheirs}")).map(({ path }) => path)).toEqual([]);
  });
});

/** What kysely's builder is given, statement by statement. */
function builtOf(text: string): string[] {
  return text
    .split(/(?=selectFrom\(")/)
    .slice(1)
    .map((part) => part.split(".execute")[0] ?? "");
}

/** The templates of SQL in a source text, those within others left in place. */
function statementsOf(text: string): string[] {
  return text
    .split(/sql(?:<[^`]*?>)?`/)
    .slice(1)
    .map((part) => part.split("`.execute")[0] ?? "");
}

/** Stands in for the extension where there is none: keeps what was distributed, and refuses what Citus refuses of a table. */
const standIn = `
  create table pg_dist_partition (logicalrelid regclass primary key, partkey text, beside text);
  create function create_distributed_table(table_name regclass, distribution_column text, colocate_with text) returns void language plpgsql as $$ begin
    if exists (select from pg_index where indrelid = table_name and indisunique and not (select attnum from pg_attribute
      where attrelid = table_name and attname = distribution_column) = any(indkey)) then raise exception 'cannot create constraint on %', table_name; end if;
    if exists (select from pg_trigger where tgrelid = table_name and not tgisinternal) then raise exception 'triggers are not supported'; end if;
    insert into pg_dist_partition values (table_name, distribution_column, colocate_with); end $$;
  create function create_reference_table(table_name regclass) returns void language sql as $$ insert into pg_dist_partition values (table_name, null, null) $$`;

describe("migrate --citus", () => {
  it("says what is missing where there is no Citus", async () => {
    await expect(distribute(db)).rejects.toMatchObject({
      code: "citus-missing",
      fix: expect.stringMatching(/create extension citus/) as string,
    });
  });

  it("distributes every table once, and goes on where it was stopped", async () => {
    await sql.raw(standIn).execute(db);
    await sql`select create_distributed_table('record', 'resource_key', colocate_with => 'none')`.execute(db);
    const expected = distributions.map(({ table }) => table).filter((table) => table !== "record");
    expect(await distribute(db)).toEqual(expected);
    expect(await distribute(db)).toEqual([]);
  });
});
