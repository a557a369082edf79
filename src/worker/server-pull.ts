import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { nameOf } from "../domain/key.ts";
import { confirmServerAnswers, type Capability } from "../fhir/capability.ts";
import { isAboutContent, isPassing, isUnanswered, type FhirFailure } from "../fhir/fhir-failure.ts";
import type { FhirServer } from "../fhir/fhir-server.ts";
import type { Given } from "../fhir/search.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { refsOf } from "../relate/refs-of.ts";
import { noteUnfetched, type Unfetched } from "../store/unfetched.ts";
import type { Pulled } from "./pulled.ts";
import type { PullScope } from "./pull-scope.ts";
import { takeIn } from "./take-in.ts";

/** One pull from one server: what all its feeds share. */
export interface ServerPull {
  readonly db: Kysely<Database>;
  readonly scope: PullScope;
  readonly server: FhirServer;
  readonly capability: Capability;
  readonly context: NormaliseContext;
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
  /** How many feeds of the source are behind, this one among them when its last window is, and how many there are. */
  readonly feed: number;
  readonly feeds: number;
}

/** What was heard while something was taken in. */
export interface Heard {
  readonly read: number;
  readonly seenUntil: Instant | undefined;
}

/** Takes in what a server gives, the same way as everything else comes in; what it names is added to `named`. */
export async function takeInGiven(pull: ServerPull, place: string, given: AsyncIterable<Given>, named: Set<Key>): Promise<Heard> {
  let read = 0;
  let seenUntil: Instant | undefined;
  async function* watch(): AsyncGenerator<Pulled> {
    for await (const { resource, lastUpdated } of given) {
      read += 1;
      // A time after the server's own clock is a mistake, and must not carry the cursor past what is yet to come.
      if (lastUpdated !== undefined && lastUpdated <= pull.until && lastUpdated > (seenUntil ?? -Infinity)) seenUntil = lastUpdated;
      yield { kind: "resource", file: place, line: read, resource };
    }
  }
  await takeIn(pull.db, pull.scope, watch(), pull.context, {
    time: () => {},
    facts: (facts) => {
      for (const ref of refsOf(facts)) named.add(nameOf(ref));
    },
  });
  return { read, seenUntil };
}

/**
 * Keeps in mind what the server failed to give by an id, for the next pull; not what it will not give to us at all.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function noteFailed(pull: ServerPull, asked: readonly Unfetched[], failure: FhirFailure): Promise<void> {
  if (isUnanswered(failure)) await confirmServerAnswers(pull.server);
  if (!isPassing(failure) && !isAboutContent(failure)) return;
  for (const { what, name } of asked) pull.unfetched.add(`${what} ${name}`);
  await noteUnfetched(pull.db, { siteId: pull.scope.siteId, source: pull.scope.source }, asked, failure.reason);
}
