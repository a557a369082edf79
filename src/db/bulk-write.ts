import { sql } from "kysely";
import type { Kysely, RawBuilder } from "kysely";
import { arrayText } from "./array-text.ts";
import type { Database } from "./schema.ts";
import { toTimestamp } from "./timestamp.ts";

/** Column → its PostgreSQL type, as `create table` writes it: `bigint`, `timestamptz`, `text[]`, `jsonb` … */
export type ColumnTypes = Readonly<Record<string, string>>;

export interface InsertOptions {
  /** Absent: a conflict is an error. `where` may name the table's columns and `excluded`'s. */
  readonly onConflict?:
    | "nothing"
    | {
        readonly columns: readonly string[];
        /** Take the new value. */
        readonly update: readonly string[];
        /** Numbers: what is held and the new value together. */
        readonly add?: readonly string[];
        readonly where?: RawBuilder<unknown>;
      };
  readonly returning?: readonly string[];
}

export interface Inserted<Row> {
  /** Rows really inserted or updated. */
  readonly count: number;
  /** What `returning` asked for, of those rows only. */
  readonly rows: Row[];
}

const rowsPerStatement = 5_000;
/** Keeps a statement of wide rows (blocks of resource bodies) from filling the engine's memory, and short. */
const charactersPerStatement = 8_000_000;
const charactersOfKey = 12;

/**
 * Inserts rows by the thousand: one array parameter a column, whatever the number of rows. A column absent from a row
 * is null. A timestamptz may be given as epoch milliseconds, any array as a JavaScript array, jsonb as any value.
 * Several statements are not one transaction: pass one as `db` where they must be. With `update`, two rows of the same
 * key in one call are an error (21000): make them one first.
 */
export async function insertRows<Row = Record<string, unknown>>(
  db: Kysely<Database>,
  table: string,
  columns: ColumnTypes,
  rows: Iterable<Readonly<Record<string, unknown>>>,
  options: InsertOptions = {},
): Promise<Inserted<Row>> {
  const inserted = { count: 0, rows: [] as Row[] };
  for (const chunk of cutIntoStatements(Object.entries(columns), rows)) {
    const result = await buildInsert(table, columns, chunk, options).execute(db);
    inserted.count += Number(result.numAffectedRows ?? 0n);
    for (const row of result.rows) inserted.rows.push(row as Row);
  }
  return inserted;
}

/** One array of encoded values for each column: texts, but keys as they are. */
type Chunk = (string | bigint | null)[][];

function* cutIntoStatements(columns: [string, string][], rows: Iterable<Readonly<Record<string, unknown>>>): Generator<Chunk> {
  let chunk: Chunk = columns.map(() => []);
  let count = 0;
  let characters = 0;
  for (const row of rows) {
    columns.forEach(([column, type], index) => {
      const value = row[column];
      const encoded = type === "bigint" && typeof value === "bigint" ? value : encode(value, type);
      chunk[index]?.push(encoded);
      characters += typeof encoded === "string" ? encoded.length : charactersOfKey;
    });
    count += 1;
    if (count === rowsPerStatement || characters >= charactersPerStatement) {
      yield chunk;
      chunk = columns.map(() => []);
      count = 0;
      characters = 0;
    }
  }
  if (count > 0) yield chunk;
}

function buildInsert(table: string, columns: ColumnTypes, chunk: Chunk, options: InsertOptions): RawBuilder<unknown> {
  const names = Object.keys(columns);
  const types = Object.values(columns);
  // unnest flattens arrays of arrays, so an array column travels as texts such as {1,2} and is cast one by one.
  const parameters = chunk.map((values, index) => sql`${values}::${sql.raw(carrier(types[index] ?? ""))}[]`);
  const selected = names.map((name, index) => {
    const type = types[index] ?? "";
    return carrier(type) === type ? sql.ref(name) : sql`${sql.ref(name)}::${sql.raw(type)}`;
  });
  return sql`insert into ${sql.table(table)} (${listRefs(names)})
    select ${sql.join(selected)} from unnest(${sql.join(parameters)}) as given (${listRefs(names)})
    ${onConflict(table, options.onConflict)}
    ${options.returning === undefined ? sql`` : sql`returning ${listRefs(options.returning)}`}`;
}

function onConflict(table: string, conflict: InsertOptions["onConflict"]): RawBuilder<unknown> {
  if (conflict === undefined) return sql``;
  if (conflict === "nothing") return sql`on conflict do nothing`;
  const updates = conflict.update.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  for (const name of conflict.add ?? [])
    updates.push(sql`${sql.ref(name)} = ${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`);
  const where = conflict.where === undefined ? sql`` : sql`where ${conflict.where}`;
  return sql`on conflict (${listRefs(conflict.columns)}) do update set ${sql.join(updates)} ${where}`;
}

function listRefs(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)));
}

/** The type that a value travels as inside its column's array. */
function carrier(type: string): string {
  return type.endsWith("[]") ? "text" : type;
}

/** The text of a value as PostgreSQL reads that type. */
function encode(value: unknown, type: string): string | null {
  if (value === undefined || value === null) return null;
  if (type.endsWith("[]")) return encodeArray(value as readonly unknown[], type.slice(0, -2));
  if (type === "jsonb" || type === "json") return JSON.stringify(value);
  if (value instanceof Date) return toTimestamp(value.getTime());
  if (type === "timestamptz" && typeof value === "number") return toTimestamp(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex")}`;
  if (typeof value === "object") throw new TypeError(`An object was given for a column of type ${type}.`);
  return (value as string | number | bigint | boolean).toString();
}

function encodeArray(values: readonly unknown[], type: string): string {
  return arrayText(values.map((value) => encode(value, type)));
}
