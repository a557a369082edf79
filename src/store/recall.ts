import { LRUCache } from "lru-cache";
import type { Db } from "./db.ts";
import type { QuietSites } from "./quiet-sites.ts";

/** Something that records say: of a site, by a name that means one thing there for good. */
export interface Asked {
  readonly site: string;
  readonly key: string;
}

interface Remembered {
  readonly at: string;
  readonly value: unknown;
}

/** By database and kind. */
const shelves = new WeakMap<Db, Map<string, LRUCache<string, Remembered>>>();
/** A hundred pages of fifty findings: some 20 MB. */
const mostOfAKind = 5_000;

/**
 * What records say of each, in the order in which it is asked for: read once between two runs of their site and remembered by this process;
 * of a site that is not quiet it is read each time. Never who may see it: that is asked anew with every list.
 * @param read each is asked for once
 */
export async function recall<Value>(
  db: Db,
  quiet: QuietSites,
  kind: string,
  asked: readonly Asked[],
  read: (missing: readonly Asked[]) => Promise<(one: Asked) => Value>,
): Promise<Value[]> {
  const shelf = shelfOf(db, kind);
  const found = asked.map((one) => {
    const name = nameOf(one);
    const held = shelf.get(name);
    return { one, name, held: held?.at === quiet.get(one.site) ? held : undefined };
  });
  const missing = new Map(found.filter(({ held }) => held === undefined).map(({ name, one }) => [name, one]));
  const values = new Map<string, Value>();
  if (missing.size > 0) {
    const valueOf = await read([...missing.values()]);
    for (const [name, one] of missing) {
      const [at, value] = [quiet.get(one.site), valueOf(one)];
      values.set(name, value);
      if (at !== undefined) shelf.set(name, { at, value });
    }
  }
  return found.map(({ name, held }) => (held ? held.value : values.get(name)) as Value);
}

/** The same of one site, where some have none. */
export async function recallMap<Value>(
  db: Db,
  quiet: QuietSites,
  kind: string,
  site: string,
  keys: readonly string[],
  read: (missing: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): Promise<Map<string, Value>> {
  const distinct = [...new Set(keys)];
  const values = await recall(
    db,
    quiet,
    kind,
    distinct.map((key) => ({ site, key })),
    async (missing) => {
      const found = await read(missing.map(({ key }) => key));
      return ({ key }) => found.get(key);
    },
  );
  const named = new Map<string, Value>();
  for (const [place, key] of distinct.entries()) {
    const value = values[place];
    if (value !== undefined) named.set(key, value);
  }
  return named;
}

/** One thing alone. */
export async function recallOne<Value>(db: Db, quiet: QuietSites, kind: string, one: Asked, read: () => Promise<Value>): Promise<Value> {
  const [value] = await recall(db, quiet, kind, [one], async () => {
    const found = await read();
    return () => found;
  });
  return value as Value;
}

function nameOf({ site, key }: Asked): string {
  return `${site}\n${key}`;
}

function shelfOf(db: Db, kind: string): LRUCache<string, Remembered> {
  const ofDb = shelves.get(db) ?? new Map<string, LRUCache<string, Remembered>>();
  shelves.set(db, ofDb);
  const shelf = ofDb.get(kind) ?? new LRUCache<string, Remembered>({ max: mostOfAKind });
  ofDb.set(kind, shelf);
  return shelf;
}
