import type { Facts } from "../domain/facts.ts";
import { hashParts, nameOf, recordKey } from "../domain/key.ts";
import type { Normalised } from "../normalise/normalise.ts";
import { aliasesSaid, isRecordName, linksOf, type Link } from "../relate/links.ts";
import { refsOf } from "../relate/refs-of.ts";
import { typeOf } from "../relate/world.ts";
import { flagOf, placeOfRole, placeOfType, type PackedBatch } from "./pack-batch.ts";
import { RememberedKeys } from "./remembered-keys.ts";
import type { Refusal } from "./store-refusals.ts";
import { keyAliases, versionKeyOf, type Alias } from "./stored-version.ts";
import { TextRoom } from "./text-room.ts";

type Usable = Extract<Normalised, { kind: "facts" }>;

/**
 * A batch while it is filled. What a version says is written down at once: objects that waited for the rest of the batch were
 * copied about by the collector, which took a third of the time.
 */
export class OpenBatch {
  /** Resources of any kind. */
  size = 0;
  readonly #site: string;
  readonly #refusals: Refusal[] = [];
  readonly #skipped = new Map<string, number>();
  readonly #room = new TextRoom();
  readonly #names: string[] = [];
  readonly #aliases = new Map<number, readonly Alias[]>();
  #versions = 0;
  #links = 0;
  #types = new Uint8Array(usualVersions);
  #flags = new Uint8Array(usualVersions);
  #texts = new Uint32Array(usualVersions * 6);
  #keys = new BigInt64Array(usualVersions * 2);
  #instants = new Float64Array(usualVersions * 3);
  #linkEnds = new Uint32Array(usualVersions);
  #linkRoles = new Uint8Array(usualVersions * 2);
  #linkKeys = new BigInt64Array(usualVersions * 2);

  constructor(site: string) {
    this.#site = site;
  }

  addSkipped(type: string): void {
    this.size += 1;
    this.#skipped.set(type, (this.#skipped.get(type) ?? 0) + 1);
  }

  addRefusal(refusal: Refusal): void {
    this.size += 1;
    this.#refusals.push(refusal);
  }

  addVersion({ key, facts, eventAt, latestAt }: Usable, body: string): void {
    const place = this.#versions;
    if (place === this.#types.length) this.#makeRoom();
    this.size += 1;
    this.#versions += 1;
    const links = linksOf(facts);
    this.#types[place] = placeOfType(facts.type);
    this.#flags[place] = flagOf({
      voided: facts.voided ?? false,
      mayJoinPeople: "links" in facts || facts.identifiers !== undefined,
      standsAlone: standsAlone(facts, links),
    });
    this.#keys[place * 2] = recordKey(this.#site, key);
    this.#keys[place * 2 + 1] = versionKey(facts);
    this.#instants[place * 3] = facts.lastUpdated ?? -Infinity;
    this.#instants[place * 3 + 1] = eventAt ?? NaN;
    this.#instants[place * 3 + 2] = latestAt ?? NaN;
    this.#room.keep(JSON.stringify(facts), this.#texts, place * 6);
    this.#room.keep(body, this.#texts, place * 6 + 3);
    this.#names.push(key, facts.contentHash, facts.patient === undefined ? "" : nameOf(facts.patient));
    for (const link of links) this.#addLink(link);
    this.#linkEnds[place] = this.#links;
    const said = aliasesSaid(facts);
    if (said.length > 0) this.#aliases.set(place, keyAliases(this.#site, said));
  }

  #addLink({ target, role }: Link): void {
    if (this.#links === this.#linkRoles.length) [this.#linkRoles, this.#linkKeys] = [larger(this.#linkRoles), larger(this.#linkKeys)];
    this.#names.push(target);
    this.#linkRoles[this.#links] = placeOfRole(role);
    this.#linkKeys[this.#links] = targets.keyOf(this.#site, target);
    this.#links += 1;
  }

  #makeRoom(): void {
    [this.#types, this.#flags, this.#texts] = [larger(this.#types), larger(this.#flags), larger(this.#texts)];
    [this.#keys, this.#instants, this.#linkEnds] = [larger(this.#keys), larger(this.#instants), larger(this.#linkEnds)];
  }

  pack(): PackedBatch {
    const [versions, links] = [this.#versions, this.#links];
    return {
      refusals: this.#refusals,
      skipped: this.#skipped,
      names: this.#names.join("\u0000"),
      rooms: this.#room.pieces.map(({ buffer }) => buffer as ArrayBuffer),
      types: this.#types.slice(0, versions),
      flags: this.#flags.slice(0, versions),
      texts: this.#texts.slice(0, versions * 6),
      versionKeys: this.#keys.slice(0, versions * 2),
      instants: this.#instants.slice(0, versions * 3),
      linkEnds: this.#linkEnds.slice(0, versions),
      linkRoles: this.#linkRoles.slice(0, links),
      linkKeys: this.#linkKeys.slice(0, links),
      aliases: this.#aliases,
    };
  }
}

/** A batch is full with a thousand; what a server gives as one page may be more. */
const usualVersions = 1_000;

function larger<T extends Uint8Array | Uint32Array | Float64Array | BigInt64Array>(rows: T): T {
  const more = new (rows.constructor as new (length: number) => T)(rows.length * 2);
  more.set(rows as never);
  return more;
}

/** What is looked at is looked at again. */
const targets = new RememberedKeys(recordKey);
/** Nearly all are the first of their record. */
const versionKeys = new RememberedKeys((_, versionId) => versionKeyOf(versionId));

/** Versions are told apart by their id; without one, by `lastUpdated` and content. */
function versionKey({ versionId, lastUpdated, contentHash }: Facts): bigint {
  return versionId === undefined ? hashParts("content", String(lastUpdated ?? ""), contentHash) : versionKeys.keyOf("", versionId);
}

function standsAlone(facts: Facts, links: readonly Link[]): boolean {
  if (facts.type !== "AuditEvent" || facts.voided || facts.deleted || facts.identifiers) return false;
  for (const { role, target } of links) if (role !== "about" || !["DiagnosticReport", "Observation"].includes(typeOf(target))) return false;
  for (const { key, also } of refsOf(facts)) if (also !== undefined || !isRecordName(key)) return false;
  return true;
}
