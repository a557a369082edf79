import type { CareEvent } from "../domain/care-event.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import type { MadeFrom } from "../domain/made-from.ts";
import type { Signal } from "../domain/signal.ts";

/** Who is who among the actors of a patient's events: identity strings as the events carry them. */
export interface Persons {
  /** The one person that several ids of an actor are; itself where nothing joins it. */
  personOf(actor: string): string;
  /** The organisations in which a person has a role. */
  organisationsOf(person: string): readonly string[];
}

/** What the site is known to have, and to have seen. */
export interface SiteView {
  readonly site: string;
  /** Feeds that the site has, by resource type, with the intervals read and understood; sources united as the design says. */
  readonly feeds: ReadonlyMap<string, FeedView>;
  /** What its mapping makes each activity from. */
  readonly madeFrom: MadeFrom;
  /** Organisations and roles that the site counts to a team, with what it calls that; absent: none. */
  readonly teams?: ReadonlyMap<Key, string>;
  readonly watchFrom: Instant;
  readonly blindAfterMs: number;
  /** Signals for which closing evidence was held anywhere at the site up to now. */
  readonly closingSeen: ReadonlySet<string>;
  /** The versions of each enabled signal with the instant from which each is in force, oldest first. */
  readonly signals: readonly SignalHistory[];
}

export interface FeedView {
  readonly covered: readonly Interval[];
  /** Why some of the time is not covered: people say that nothing reliable came. */
  readonly outages: readonly Interval[];
  readonly silent: readonly Interval[];
  readonly unreadable: readonly Interval[];
}

export interface SignalHistory<S extends Signal = Signal> {
  readonly id: string;
  readonly versions: readonly { readonly from: Instant; readonly signal: S }[];
}

/** Everything that detection looks at for one patient: no event later than `now`. */
export interface PatientView {
  readonly events: readonly CareEvent[];
  /** Doses are unfolded from here on; absent: all of them. */
  readonly from?: Instant;
  /** The events are of many patients, and say of which. */
  readonly across?: true;
  readonly persons: Persons;
  /** Types of quarantined resources that name a record (by its key), or the patient alone. */
  readonly quarantined: { readonly bySubject: ReadonlyMap<string, readonly string[]>; readonly ofPatient: readonly string[] };
}

/** The definition in force when a loop opened. */
export function signalInForce<S extends Signal>(history: SignalHistory<S>, at: Instant): S {
  const version = history.versions.findLast(({ from }) => from <= at) ?? history.versions[0];
  if (!version) throw new Error(`signal ${history.id} has no version`);
  return version.signal;
}
