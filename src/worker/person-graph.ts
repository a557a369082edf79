import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { settleStandings } from "../store/settle-standing.ts";
import { anyOf } from "./any-of.ts";
import { moveSealed } from "./move-sealed.ts";

/** More ids than this on one identifier join none: it is a placeholder, not a person. */
const mostIdsOfOnePerson = 5;

/** Follows the ties from the records touched to everybody they join or joined, writes who is one person, and returns them all. */
export async function joinAround(
  db: Kysely<Database>,
  site: { readonly siteId: number },
  touched: readonly bigint[],
  tieKeys: readonly bigint[],
): Promise<bigint[]> {
  const members = await db
    .selectFrom("person")
    .select(["resource_key"])
    .where("person_key", "=", anyOf(await personsOf(db, touched)))
    .execute();
  const graph: Graph = { nodes: new Set([...touched, ...members.map((row) => row.resource_key)]), ties: new Map(), bearers: new Map() };
  let frontier = [...graph.nodes];
  let more = [...tieKeys];
  while (frontier.length > 0 || more.length > 0) {
    const found = await db.selectFrom("person_tie").select("tie_key").distinct().where("resource_key", "=", anyOf(frontier)).execute();
    const tied = await readTies(db, graph, [...more, ...found.map((row) => row.tie_key)]);
    const named = await readNamed(db, graph, frontier);
    more = [];
    frontier = [...new Set([...tied, ...named])].filter((key) => !graph.nodes.has(key));
    for (const key of frontier) graph.nodes.add(key);
  }
  await writePersons(db, site, graph);
  return [...graph.nodes];
}

/** Who may be one person: records and names they are linked by, what ties them, and who bears those names. */
interface Graph {
  readonly nodes: Set<bigint>;
  readonly ties: Map<bigint, { identifier: boolean; readonly records: Set<bigint> }>;
  /** By a name that a link uses (an identifier): the records that bear it. */
  readonly bearers: Map<bigint, Set<bigint>>;
}

async function readTies(db: Kysely<Database>, { ties }: Graph, keys: readonly bigint[]): Promise<bigint[]> {
  const unread = [...new Set(keys)].filter((key) => !ties.has(key));
  const rows = await db
    .selectFrom("person_tie")
    .select(["tie_key", "resource_key", "identifier"])
    .where("tie_key", "=", anyOf(unread))
    .execute();
  for (const key of unread) ties.set(key, { identifier: false, records: new Set() });
  for (const row of rows) {
    const tie = ties.get(row.tie_key);
    tie?.records.add(row.resource_key);
    if (tie && row.identifier) tie.identifier = true;
  }
  return rows.map((row) => row.resource_key);
}

/** A link may name its other end by an identifier: whoever bears it is meant. */
async function readNamed(db: Kysely<Database>, { bearers }: Graph, keys: readonly bigint[]): Promise<bigint[]> {
  const { rows: found } = await sql<{ alias_key: bigint; resource_key: bigint }>`select distinct alias_key, resource_key from alias
    where alias_key = any(${keys}::bigint[]) or resource_key = any(${keys}::bigint[])`.execute(db);
  const asked = new Set(keys);
  const others = found.flatMap(({ alias_key }) => (asked.has(alias_key) ? [] : [alias_key]));
  const tied = await db.selectFrom("person_tie").select("resource_key").distinct().where("resource_key", "=", anyOf(others)).execute();
  const used = new Set([...asked, ...tied.map((row) => row.resource_key)]);
  const rows = found.filter(({ alias_key }) => used.has(alias_key));
  for (const { alias_key, resource_key } of rows) bearers.set(alias_key, (bearers.get(alias_key) ?? new Set()).add(resource_key));
  return rows.flatMap((row) => [row.alias_key, row.resource_key]);
}

async function personsOf(db: Kysely<Database>, keys: readonly bigint[]): Promise<bigint[]> {
  const rows = await db.selectFrom("person").select("person_key").distinct().where("resource_key", "=", anyOf(keys)).execute();
  return [...new Set([...keys, ...rows.map((row) => row.person_key)])];
}

/** The least key of those joined, computed anew from all of them. A name that several bear who are not one person joins nobody. */
function leastKeys({ nodes, ties, bearers }: Graph): Map<bigint, bigint> {
  const parent = new Map([...nodes].map((node) => [node, node]));
  // Path halving, in a loop: a chain of thousands of links must not exhaust the stack.
  const find = (node: bigint): bigint => {
    let at = node;
    for (;;) {
      const up = parent.get(at) ?? at;
      if (up === at) return at;
      const above = parent.get(up) ?? up;
      parent.set(at, above);
      at = above;
    }
  };
  // Records before mere names, so that a person's key is a record's wherever there is one.
  const isBefore = (a: bigint, b: bigint): boolean => (bearers.has(a) === bearers.has(b) ? a < b : bearers.has(b));
  const join = (one: bigint, other: bigint): boolean => {
    const [a, b] = [find(one), find(other)];
    if (a !== b) parent.set(isBefore(a, b) ? b : a, isBefore(a, b) ? a : b);
    return a !== b;
  };
  for (const { identifier, records } of ties.values()) {
    const [first, ...others] = records;
    if (identifier && records.size > mostIdsOfOnePerson) continue;
    for (const other of others) join(first ?? other, other);
  }
  // To name one person may make two bearers of another name one.
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const [name, records] of bearers) {
      const [bearer, ...others] = new Set([...records].map(find));
      if (bearer !== undefined && others.length === 0 && join(name, bearer)) isChanged = true;
    }
  }
  return new Map([...nodes].map((node) => [node, find(node)]));
}

async function writePersons(db: Kysely<Database>, site: { readonly siteId: number }, graph: Graph): Promise<void> {
  const persons = leastKeys(graph);
  const held = await db
    .selectFrom("person")
    .select(["resource_key", "person_key"])
    .where("resource_key", "=", anyOf([...graph.nodes]))
    .execute();
  const before = new Map(held.map((row) => [row.resource_key, row.person_key]));
  const moved = [...persons].filter(([node, person]) => (before.get(node) ?? node) !== person).map(([node]) => node);
  await db.deleteFrom("person").where("resource_key", "=", anyOf(moved)).execute();
  const rows = moved
    .map((resource_key) => ({ resource_key, person_key: persons.get(resource_key) ?? resource_key, site_id: site.siteId }))
    .filter((row) => row.person_key !== row.resource_key);
  await insertRows(db, "person", { resource_key: "bigint", person_key: "bigint", site_id: "integer" }, rows, {});
  await moveSealed(db, site.siteId, new Map(moved.map((key) => [key, persons.get(key) ?? key])));
  // What a patient's labels say of their loops, they say of the whole person's.
  const keys = moved.flatMap((key) => [key, before.get(key) ?? key, persons.get(key) ?? key]);
  if (keys.length > 0) await settleStandings(db, site.siteId, { patients: [...new Set(keys)] });
}
