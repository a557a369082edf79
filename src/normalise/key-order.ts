import { hasOddLetters } from "./clean-json.ts";

/** The names of an object's members as canonical JSON writes them. */
export interface KeyOrder {
  /** Sorted by code unit, as `sort()` does. */
  readonly members: readonly OrderedKey[];
  /** Some name has white space around it (`"businessStatus "`). */
  readonly hasOddKeys: boolean;
  readonly hasOddLetters: boolean;
}

interface OrderedKey {
  readonly name: string;
  /** Its place among the names as they stand in the object. */
  readonly place: number;
  /** `,"name":` in UTF-8. */
  readonly quoted: Uint8Array;
}

/** What has been read of an object's names so far, in the order in which they stand. */
export interface NamesRead {
  /** The name that came next when they were first read: mostly it does again, and to compare is less than to look up. */
  name: string | undefined;
  next: NamesRead | undefined;
  readonly others: Map<string, NamesRead>;
  order: KeyOrder | undefined;
}

/**
 * FHIR knows few objects, and a server writes each in one order: to sort and to quote their names once, and to find that by a
 * look at each name, is a third of the work of doing it for each.
 */
export const noNames: NamesRead = { name: undefined, next: undefined, others: new Map(), order: undefined };
const mostRemembered = 4_000;
const mostNames = 32;
const longestName = 64;
let remembered = 0;

export function nextNames(read: NamesRead, name: string): NamesRead | undefined {
  return read.name === name ? read.next : read.others.get(name);
}

export function learnOrder(object: Readonly<Record<string, unknown>>): KeyOrder {
  const names = Object.keys(object);
  const places = new Map(names.map((name, place) => [name, place]));
  const order: KeyOrder = {
    members: names.toSorted().map((name) => ({ name, place: places.get(name) ?? 0, quoted: Buffer.from(`,${JSON.stringify(name)}:`) })),
    hasOddKeys: names.some((name) => name !== name.trim()),
    hasOddLetters: names.some(hasOddLetters),
  };
  // Whatever is sent, little is remembered.
  const isUsual = names.length <= mostNames && names.every((name) => name.length <= longestName);
  if (isUsual && remembered + names.length <= mostRemembered) remember(names, order);
  return order;
}

function remember(names: readonly string[], order: KeyOrder): void {
  let read = noNames;
  for (const name of names) {
    let next = nextNames(read, name);
    if (next === undefined) {
      next = { name: undefined, next: undefined, others: new Map(), order: undefined };
      if (read.name === undefined) [read.name, read.next] = [name, next];
      else read.others.set(name, next);
      remembered += 1;
    }
    read = next;
  }
  read.order = order;
}
