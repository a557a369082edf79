import type { Facts, Key } from "../domain/facts.ts";
import type { LinkRole } from "../relate/links.ts";
import type { Batch } from "./store-batch.ts";
import type { Alias, KeyedLink, StoredVersion } from "./stored-version.ts";

/**
 * A batch as it goes from thread to thread: texts and numbers in rows by themselves, for what takes time there is objects
 * with their names. What `rooms` lists is to be handed over, not copied.
 */
export interface PackedBatch extends Omit<Batch, "arrivals"> {
  readonly keys: Key[];
  readonly types: Facts["type"][];
  readonly contentHashes: string[];
  /** What facts and bodies lie in. */
  readonly rooms: ArrayBuffer[];
  /** Of each, facts and then body: in which room, and from where to where. */
  readonly texts: Uint32Array;
  readonly patients: (Key | undefined)[];
  /** Two each: of the record, of the version. */
  readonly versionKeys: BigInt64Array;
  /** Three each: last updated, event, latest; NaN where there is none. */
  readonly instants: Float64Array;
  readonly flags: Uint8Array;
  readonly linkTargets: Key[];
  readonly linkRoles: LinkRole[];
  readonly linkKeys: BigInt64Array;
  /** Of each version, where its links end. */
  readonly linkEnds: Uint32Array;
  /** Of the few that give any, by their place. */
  readonly aliases: ReadonlyMap<number, readonly Alias[]>;
}

const [voided, mayJoinPeople, standsAlone] = [1, 2, 4];

export function packBatch({ arrivals, refusals, skipped }: Batch): PackedBatch {
  const links = arrivals.flatMap((version) => version.links);
  const [versionKeys, instants] = [new BigInt64Array(arrivals.length * 2), new Float64Array(arrivals.length * 3)];
  const [flags, linkEnds] = [new Uint8Array(arrivals.length), new Uint32Array(arrivals.length)];
  const aliases = new Map<number, readonly Alias[]>();
  let linkEnd = 0;
  arrivals.forEach((version, place) => {
    versionKeys[place * 2] = version.resourceKey;
    versionKeys[place * 2 + 1] = version.versionKey;
    instants[place * 3] = version.lastUpdated;
    instants[place * 3 + 1] = version.eventAt ?? NaN;
    instants[place * 3 + 2] = version.latestAt ?? NaN;
    flags[place] = (version.voided ? voided : 0) | (version.mayJoinPeople ? mayJoinPeople : 0) | (version.standsAlone ? standsAlone : 0);
    linkEnds[place] = linkEnd += version.links.length;
    if (version.aliases.length > 0) aliases.set(place, version.aliases);
  });
  return {
    refusals,
    skipped,
    keys: arrivals.map(({ key }) => key),
    types: arrivals.map(({ type }) => type),
    contentHashes: arrivals.map(({ contentHash }) => contentHash),
    ...packTexts(arrivals),
    patients: arrivals.map(({ patient }) => patient),
    versionKeys,
    instants,
    flags,
    linkTargets: links.map(({ target }) => target),
    linkRoles: links.map(({ role }) => role),
    linkKeys: BigInt64Array.from(links, ({ targetKey }) => targetKey),
    linkEnds,
    aliases,
  };
}

function packTexts(arrivals: readonly StoredVersion[]): Pick<PackedBatch, "rooms" | "texts"> {
  const rooms: ArrayBuffer[] = [];
  const texts = new Uint32Array(arrivals.length * 6);
  let last = 0;
  arrivals.forEach(({ facts, body }, place) => {
    for (const [which, text] of [facts, body].entries()) {
      const room = text.buffer as ArrayBuffer;
      if (rooms[last] !== room) last = rooms.includes(room) ? rooms.indexOf(room) : rooms.push(room) - 1;
      texts.set([last, text.byteOffset, text.byteOffset + text.length], (place * 2 + which) * 3);
    }
  });
  return { rooms, texts };
}

function textAt({ rooms, texts }: PackedBatch, place: number): Buffer {
  const [room, start, end] = [at(texts, place * 3), at(texts, place * 3 + 1), at(texts, place * 3 + 2)];
  return Buffer.from(at(rooms, room), start, end - start);
}

export function unpackBatch(packed: PackedBatch): Batch {
  const { refusals, skipped, types, versionKeys, instants } = packed;
  const arrivals = packed.keys.map((key, place): StoredVersion => {
    const flag = packed.flags[place] ?? 0;
    return {
      key,
      type: at(types, place),
      resourceKey: at(versionKeys, place * 2),
      versionKey: at(versionKeys, place * 2 + 1),
      lastUpdated: at(instants, place * 3),
      contentHash: at(packed.contentHashes, place),
      facts: textAt(packed, place * 2),
      body: textAt(packed, place * 2 + 1),
      eventAt: known(at(instants, place * 3 + 1)),
      latestAt: known(at(instants, place * 3 + 2)),
      patient: packed.patients[place],
      voided: (flag & voided) > 0,
      links: unpackLinks(packed, place),
      aliases: packed.aliases.get(place) ?? none,
      mayJoinPeople: (flag & mayJoinPeople) > 0,
      standsAlone: (flag & standsAlone) > 0,
    };
  });
  return { arrivals, refusals, skipped };
}

const none: readonly never[] = [];

function unpackLinks({ linkEnds, linkTargets, linkRoles, linkKeys }: PackedBatch, place: number): readonly KeyedLink[] {
  const [start, end] = [linkEnds[place - 1] ?? 0, at(linkEnds, place)];
  if (start === end) return none;
  const links: KeyedLink[] = [];
  for (let link = start; link < end; link += 1) {
    links.push({ target: at(linkTargets, link), role: at(linkRoles, link), targetKey: at(linkKeys, link) });
  }
  return links;
}

function known(instant: number): number | undefined {
  return Number.isNaN(instant) ? undefined : instant;
}

function at<T>(values: ArrayLike<T>, place: number): T {
  const value = values[place];
  if (value === undefined) throw new RangeError(`A packed batch has nothing at ${place} of ${values.length}.`);
  return value;
}
