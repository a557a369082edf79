import type { Instant, Interval } from "../domain/instant.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { isObject, type JsonObject } from "./bundle.ts";
import { dateDeletion } from "./date-deletion.ts";
import type { FhirServer } from "./fhir-server.ts";
import { entriesOf, isMatch, readPages, type PageLeft } from "./read-pages.ts";
import { unroll } from "./unroll.ts";

/** One resource version, or a deletion, as a server gave it; or an entry without either, which is to be kept all the same. */
export interface Given {
  readonly resource: JsonObject;
  /** As its `meta.lastUpdated` says, where it says one. */
  readonly lastUpdated: Instant | undefined;
}

/** Where to begin, and how many are asked for as one page. */
export interface HowToSearch {
  /** The page that was left, which knows its own size; absent: from the first. */
  readonly left?: PageLeft | undefined;
  readonly size?: number;
}

/** One record has few versions. */
const usualSize = 200;

/** A page of a window or a history: what of it was asked for. */
export interface GivenPage {
  readonly given: readonly Given[];
  /** Entries of this page and of those before it that the server counts. */
  readonly matches: number;
  /** Where the next page is, at our server; undefined: this is the last. */
  readonly next: string | undefined;
  /** How long the server took for it, in milliseconds. */
  readonly tookMs: number;
}

/**
 * What of a type was last updated in a window, in its current version; from the beginning where `from` is -Infinity, up
 * to what is written while it is read where `to` is Infinity. A server may ignore a bound, and give what else it finds useful: only what was asked for is passed on.
 * @throws FhirFailure
 */
export function searchWindow(
  server: FhirServer,
  type: string,
  window: Interval,
  { left, size = usualSize }: HowToSearch = {},
): AsyncGenerator<GivenPage> {
  const bounds = [...bound("_lastUpdated", "ge", window.from), ...bound("_lastUpdated", "lt", window.to)];
  const query = asQuery(...bounds, ["_count", String(size)]);
  return givenWithin(server, type, window, left ?? { path: `${type}?${query}`, matches: 0 });
}

/** Every version of every record of a type since an instant, deletions too; all of them where it is -Infinity. */
export async function* readTypeHistory(
  server: FhirServer,
  type: string,
  since: Instant,
  { left, size = usualSize }: HowToSearch = {},
): AsyncGenerator<GivenPage> {
  const query = asQuery(...bound("_since", "", since), ["_count", String(size)]);
  const start = left ?? { path: `${type}/_history?${query}`, matches: 0 };
  // What lies before was not asked for: some servers take `_since` as a hint.
  for await (const page of givenWithin(server, type, { from: since, to: Infinity }, start)) {
    yield { ...page, given: await Promise.all(page.given.map((given) => withDeletionDated(server, given))) };
  }
}

async function* givenWithin(server: FhirServer, type: string, { from, to }: Interval, start: PageLeft): AsyncGenerator<GivenPage> {
  for await (const { body, matches, next, tookMs } of readPages(server, start)) {
    const all = [...givenBy(body, type)];
    const given = all.filter(({ lastUpdated }) => lastUpdated === undefined || (lastUpdated >= from && lastUpdated < to));
    yield { given, matches, next, tookMs };
  }
}

/** Every version of one record. */
export async function* readRecordHistory(server: FhirServer, type: string, id: string): AsyncGenerator<Given> {
  const path = `${type}/${encodeURIComponent(id)}/_history?_count=${usualSize}`;
  for await (const { body } of readPages(server, { path, matches: 0 })) {
    for (const given of givenBy(body, type)) yield await withDeletionDated(server, given);
  }
}

/** When it was asked for and how far was seen goes by what the server itself said. */
async function withDeletionDated(server: FhirServer, { resource, lastUpdated }: Given): Promise<Given> {
  return { resource: await dateDeletion(server, resource), lastUpdated };
}

/** Records by their ids, in their current version; those that the server does not have are absent. */
export async function* searchIds(server: FhirServer, type: string, ids: readonly string[]): AsyncGenerator<Given> {
  const query = asQuery(["_id", ids.join(",")], ["_count", String(ids.length)]);
  for await (const { body } of readPages(server, { path: `${type}?${query}`, matches: 0 })) yield* givenBy(body, type);
}

/** When the oldest of a type was last updated, as far as the server sorts; undefined where it has none or cannot say. */
export async function findFirstUpdate(server: FhirServer, type: string): Promise<Instant | undefined> {
  const { body } = await server.get(`${type}?_sort=_lastUpdated&_count=1`);
  for (const { lastUpdated } of givenBy(body, type)) return lastUpdated;
  return undefined;
}

function* givenBy(page: JsonObject, type: string): Generator<Given> {
  for (const entry of entriesOf(page)) {
    if (!isMatch(entry)) continue;
    for (const unrolled of unroll({ resourceType: "Bundle", entry: [entry] })) {
      if (!("resource" in unrolled)) yield { resource: isObject(entry) ? entry : { entry }, lastUpdated: undefined };
      else if (unrolled.resource["resourceType"] === type) {
        yield { resource: unrolled.resource, lastUpdated: lastUpdatedOf(unrolled.resource) };
      }
    }
  }
}

function lastUpdatedOf({ meta }: JsonObject): Instant | undefined {
  return isObject(meta) && typeof meta["lastUpdated"] === "string" ? parseRfc3339(meta["lastUpdated"]) : undefined;
}

function asQuery(...parameters: [name: string, value: string][]): string {
  return new URLSearchParams(parameters).toString();
}

/** One bound, where there is one. */
function bound(parameter: string, prefix: string, at: Instant): [string, string][] {
  return !Number.isFinite(at) ? [] : [[parameter, `${prefix}${iso(at)}`]];
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
