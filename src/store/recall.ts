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

/** By database and kind, those asked for last at the end. */
const shelves = new WeakMap<Db, Map<string, Map<string, Remembered>>>();
/** A hundred pages of fifty findings: some 20 MB. */
const mostOfAKind = 5_000;

/**
 * What records say of each, read once between two runs of their site and remembered by this process; of a site that is not quiet it is read
 * each time. Never who may see it: that is asked anew with every list.
 */
export async function recall<Value>(
  db: Db,
  quiet: QuietSites,
  kind: string,
  asked: readonly Asked[],
  read: (missing: readonly Asked[]) => Promise<(one: Asked) => Value>,
): Promise<(one: Asked) => Value> {
  const shelf = shelfOf(db, kind);
  const found = new Map<string, Value>();
  const missing = new Map<string, Asked>();
  for (const one of asked) {
    const name = nameOf(one);
    const held = shelf.get(name);
    if (held === undefined || held.at !== quiet.get(one.site)) missing.set(name, one);
    else {
      found.set(name, held.value as Value);
      shelf.delete(name);
      shelf.set(name, held);
    }
  }
  if (missing.size > 0) {
    const valueOf = await read([...missing.values()]);
    for (const [name, one] of missing) {
      const [at, value] = [quiet.get(one.site), valueOf(one)];
      found.set(name, value);
      if (at === undefined) continue;
      shelf.delete(name);
      shelf.set(name, { at, value });
    }
    for (const oldest of shelf.keys()) {
      if (shelf.size <= mostOfAKind) break;
      shelf.delete(oldest);
    }
  }
  return (one) => found.get(nameOf(one)) as Value;
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
  const valueOf = await recall(
    db,
    quiet,
    kind,
    distinct.map((key) => ({ site, key })),
    async (missing) => {
      const values = await read(missing.map(({ key }) => key));
      return ({ key }) => values.get(key);
    },
  );
  return new Map(
    distinct.flatMap((key) => {
      const value = valueOf({ site, key });
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** One thing alone. */
export async function recallOne<Value>(db: Db, quiet: QuietSites, kind: string, one: Asked, read: () => Promise<Value>): Promise<Value> {
  const valueOf = await recall(db, quiet, kind, [one], async () => {
    const value = await read();
    return () => value;
  });
  return valueOf(one);
}

function nameOf({ site, key }: Asked): string {
  return `${site}\n${key}`;
}

function shelfOf(db: Db, kind: string): Map<string, Remembered> {
  const ofDb = shelves.get(db) ?? new Map<string, Map<string, Remembered>>();
  shelves.set(db, ofDb);
  const shelf = ofDb.get(kind) ?? new Map<string, Remembered>();
  ofDb.set(kind, shelf);
  return shelf;
}
