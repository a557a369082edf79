import type { Facts } from "../domain/facts.ts";
import { readers } from "../normalise/readers.ts";
import type { LinkRole } from "../relate/links.ts";
import type { Batch } from "./store-batch.ts";
import type { Alias, KeyedLink, StoredVersion } from "./stored-version.ts";

/**
 * A batch as it is filled, and as it goes from thread to thread: texts and numbers in rows by themselves, for what takes time there
 * is objects with their names. What `rooms` lists is to be handed over, not copied.
 */
export interface PackedBatch extends Omit<Batch, "arrivals"> {
  /** Of each version its key, content hash and patient (empty: none), and what its links name; a NUL, which no name holds, between any two. */
  readonly names: string;
  /** What facts and bodies lie in. */
  readonly rooms: ArrayBuffer[];
  /** Of each, facts and then body: in which room, and from where to where. */
  readonly texts: Uint32Array;
  /** As `placeOfType`. */
  readonly types: Uint8Array;
  /** As `flagOf`. */
  readonly flags: Uint8Array;
  /** Two each: of the record, of the version. */
  readonly versionKeys: BigInt64Array;
  /** Three each: last updated, event, latest; NaN where there is none. */
  readonly instants: Float64Array;
  /** As `placeOfRole`. */
  readonly linkRoles: Uint8Array;
  readonly linkKeys: BigInt64Array;
  /** Of each version, where its links end. */
  readonly linkEnds: Uint32Array;
  /** Of the few that give any, by their place. */
  readonly aliases: ReadonlyMap<number, readonly Alias[]>;
}

const types = Object.keys(readers) as Facts["type"][];
const typePlaces = new Map(types.map((type, place) => [type, place]));
const rolePlaces: Readonly<Record<LinkRole, number>> = { about: 0, part: 1, member: 2, encounter: 3, who: 4 };
const roles = Object.keys(rolePlaces) as LinkRole[];
const [voided, mayJoinPeople, standsAlone] = [1, 2, 4];

export function placeOfType(type: Facts["type"]): number {
  const place = typePlaces.get(type);
  // Written down as a byte, nothing would be the first type.
  if (place === undefined) throw new RangeError("A packed batch has no place for what is of no known type.");
  return place;
}

export function placeOfRole(role: LinkRole): number {
  return rolePlaces[role];
}

export function flagOf(version: Pick<StoredVersion, "voided" | "mayJoinPeople" | "standsAlone">): number {
  return (version.voided ? voided : 0) | (version.mayJoinPeople ? mayJoinPeople : 0) | (version.standsAlone ? standsAlone : 0);
}

export function unpackBatch(packed: PackedBatch): Batch {
  const { refusals, skipped, versionKeys, instants, linkKeys, linkRoles } = packed;
  const names = packed.names === "" ? [] : packed.names.split("\u0000");
  const arrivals: StoredVersion[] = [];
  let [name, link] = [0, 0];
  for (let place = 0; place < packed.types.length; place += 1) {
    const flag = at(packed.flags, place);
    const [key, contentHash, patient] = [at(names, name), at(names, name + 1), at(names, name + 2)];
    name += 3;
    const links: KeyedLink[] = [];
    for (const end = at(packed.linkEnds, place); link < end; link += 1, name += 1) {
      links.push({ target: at(names, name), role: at(roles, at(linkRoles, link)), targetKey: at(linkKeys, link) });
    }
    arrivals.push({
      key,
      type: at(types, at(packed.types, place)),
      resourceKey: at(versionKeys, place * 2),
      versionKey: at(versionKeys, place * 2 + 1),
      lastUpdated: at(instants, place * 3),
      contentHash,
      facts: textAt(packed, place * 2),
      body: textAt(packed, place * 2 + 1),
      eventAt: known(at(instants, place * 3 + 1)),
      latestAt: known(at(instants, place * 3 + 2)),
      patient: patient === "" ? undefined : patient,
      voided: (flag & voided) > 0,
      links: links.length === 0 ? none : links,
      aliases: packed.aliases.get(place) ?? none,
      mayJoinPeople: (flag & mayJoinPeople) > 0,
      standsAlone: (flag & standsAlone) > 0,
    });
  }
  if (name !== names.length) throw new RangeError(`A packed batch has ${names.length} names where ${name} belong.`);
  return { arrivals, refusals, skipped };
}

const none: readonly never[] = [];

function textAt({ rooms, texts }: PackedBatch, place: number): Buffer {
  const [room, start, end] = [at(texts, place * 3), at(texts, place * 3 + 1), at(texts, place * 3 + 2)];
  return Buffer.from(at(rooms, room), start, end - start);
}

function known(instant: number): number | undefined {
  return Number.isNaN(instant) ? undefined : instant;
}

function at<T>(values: ArrayLike<T>, place: number): T {
  const value = values[place];
  if (value === undefined) throw new RangeError(`A packed batch has nothing at ${place} of ${values.length}.`);
  return value;
}
