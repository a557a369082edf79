import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { recordKey } from "../domain/key.ts";
import { confirmServerAnswers, type Capability } from "../fhir/capability.ts";
import { isAboutContent, isPassing, isUnanswered, type FhirFailure } from "../fhir/fhir-failure.ts";
import type { FhirServer } from "../fhir/fhir-server.ts";
import type { PageSizes } from "../fhir/page-size.ts";
import type { Given } from "../fhir/search.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { noteUnfetched, type Unfetched } from "../store/unfetched.ts";
import { noteNamed, type WindowName } from "../store/open-window.ts";
import type { BatchWriter } from "./batch-writer.ts";
import type { Normaliser } from "./normalise-apart.ts";
import type { PullScope } from "./pull-scope.ts";
import type { Count } from "./reconcile.ts";
import { pulledTypes } from "./pulled-types.ts";
import type { PackedBatch } from "./pack-batch.ts";

/** One pull from one server: what all its feeds share. */
export interface ServerPull {
  readonly db: Kysely<Database>;
  readonly scope: PullScope;
  readonly server: FhirServer;
  readonly capability: Capability;
  readonly context: NormaliseContext;
  readonly normaliser: Normaliser;
  /** The server's clock when the pull began: the end of the last window. */
  readonly until: Instant;
  /** The same, but no later than it is here: a clock that is ahead must not make known what has not happened yet. */
  readonly creditUntil: Instant;
  /** How long after an event its record may come to be found by a search. */
  readonly lagMs: number;
  /** How far before the latest that was seen a pull begins again: at least the lag. */
  readonly overlapMs: number;
  /** From where on a new feed is asked for; absent: everything. */
  readonly since?: Instant;
  /** The only way into the database for what is read side by side. */
  readonly write: BatchWriter;
  /** How many windows of a feed, and how many feeds, are read at once. */
  readonly sideBySide: number;
  /** When all feeds before this one have been read: what it names of them has come by then, or is to be asked for. */
  readonly earlierRead: Promise<unknown>;
  /** Whether windows are compared with what the server counts in them. */
  readonly counts: boolean;
  /** Types that the server does not count. */
  readonly uncounted: Set<string>;
  /** Of types of which counting failed in passing: how often. */
  readonly countsFailed: Map<string, number>;
  /** Whether the server keeps to both bounds of a window, by type; asked where that matters. */
  readonly bounded: Map<string, Promise<boolean>>;
  readonly pageSizes: PageSizes;
  /** Records that nobody had sent and that were asked for by id in this pull, found or not. */
  readonly askedFor: Set<string>;
  /** What the server failed to give by an id in this pull: `what name`. */
  readonly unfetched: Set<string>;
  readonly onWindow: (window: WindowRead) => void;
}

/** Told of each window of a feed when it has been asked for. */
export interface WindowRead extends Interval {
  readonly source: string;
  readonly type: string;
  /** Versions that were read. */
  readonly read: number;
  /** Why part of it or all of it was not given. */
  readonly failed?: string;
  /** How many feeds of the source are behind, and this one; and how many there are. */
  readonly feed: number;
  readonly feeds: number;
}

/** What was heard while something was taken in. */
export interface Heard {
  readonly read: number;
  readonly seenUntil: Instant | undefined;
  /** What the server counts there, where it does. */
  readonly count?: Count | undefined;
}

/** What was given, normalised: how much it was, and how long as JSON. */
interface Ready {
  readonly read: number;
  readonly characters: number;
  readonly write: () => Promise<void>;
}

interface Named {
  readonly name: Key;
  readonly key: bigint;
}

/** So many resources are stored together, and no more than this of JSON: what a server gives as one page may be far more than it was asked for. */
const batchSize = 1_000;
const batchCharacters = 4_000_000;

/** The latest time that may carry the cursor: one after the server's own clock is a mistake, and must not carry it past what is yet to come. */
export function latestSeen({ until }: ServerPull, times: Iterable<Instant | undefined>): Instant | undefined {
  let latest: Instant | undefined;
  for (const at of times) if (at !== undefined && at <= until && at > (latest ?? -Infinity)) latest = at;
  return latest;
}

/** What is kept in mind and written beside what a server gave. */
interface WrittenBeside {
  /** The window that is read. */
  readonly owner?: WindowName | undefined;
  /** Written together with the last of it. */
  readonly also?: (db: Kysely<Database>) => Promise<void>;
}

/**
 * Takes in what a server gives, the same way as everything else comes in; what it names is added to `named`, and kept in mind
 * for the window that is being read.
 */
export async function takeInGiven(
  pull: ServerPull,
  place: string,
  given: AsyncIterable<Given> | Iterable<Given>,
  named: Set<Key>,
  beside: WrittenBeside = {},
): Promise<void> {
  await (await readyGiven(pull, { place, given, named }, beside)).write();
}

/** The same, ready to be written: `write` puts it behind all that was given to the writer before. */
export async function readyGiven(
  pull: ServerPull,
  { place, given, named }: { readonly place: string; readonly given: AsyncIterable<Given> | Iterable<Given>; readonly named: Set<Key> },
  { owner, also }: WrittenBeside,
): Promise<Ready> {
  const batches: { readonly batch: PackedBatch; readonly names: readonly Named[] }[] = [];
  let read = 0;
  let characters = 0;
  let open = { texts: [] as string[], characters: 0 };
  for await (const { resource } of given) {
    if (open.texts.length >= batchSize || open.characters >= batchCharacters) await normaliseOpen();
    read += 1;
    const text = JSON.stringify(resource);
    open.texts.push(text);
    open.characters += text.length;
    characters += text.length;
  }
  await normaliseOpen();
  return { read, characters, write };

  async function normaliseOpen(): Promise<void> {
    const { texts } = open;
    open = { texts: [], characters: 0 };
    const { batch, names } = await pull.normaliser.normalise({ file: place, line: read - texts.length + 1, texts });
    const fetchable = [...names].filter((name) => isFetchable(pull, name));
    for (const name of fetchable) named.add(name);
    batches.push({ batch, names: fetchable.map((name) => ({ name, key: recordKey(pull.scope.site.name, name) })) });
  }

  async function write(): Promise<void> {
    await Promise.all(
      batches.map(({ batch, names }, index) =>
        pull.write(batch, async (db) => {
          if (owner !== undefined) await noteNamed(db, owner, names);
          if (index === batches.length - 1) await also?.(db);
        }),
      ),
    );
  }
}

/** Whether a record of this name may be had by its id, and is of any use. */
export function isFetchable({ capability }: ServerPull, name: Key): boolean {
  if (!/^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(name)) return false;
  const type = name.slice(0, name.indexOf("/"));
  return capability.types.has(type) && (pulledTypes as readonly string[]).includes(type);
}

/**
 * Keeps in mind what the server failed to give by an id, for the next pull; not what it will not give to us at all.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function noteFailed(pull: ServerPull, asked: readonly Unfetched[], failure: FhirFailure): Promise<void> {
  if (isUnanswered(failure)) await confirmServerAnswers(pull.server);
  if (!isPassing(failure) && !isAboutContent(failure)) return;
  for (const { what, name } of asked) pull.unfetched.add(`${what} ${name}`);
  const source = { siteId: pull.scope.siteId, source: pull.scope.source };
  await pull.write(undefined, (db) => noteUnfetched(db, source, asked, failure.reason));
}
