import type { Instant } from "../../src/domain/instant.ts";
import { canonical, contentHash, isObject, objectOf, textOf, type Json } from "./json.ts";
import { lastUpdatedOf, readTime, type When } from "./times.ts";

export interface Version {
  readonly body: Json;
  readonly deleted: boolean;
  readonly versionId: string | undefined;
  readonly lastUpdated: Instant | undefined;
  /** `meta.lastUpdated` as a clinical time: an upper bound unless this is version 1 or the version before is held. */
  readonly updated: When | undefined;
}

/** All held versions of one record, oldest first. */
export interface History {
  readonly key: string;
  readonly type: string;
  readonly id: string;
  readonly versions: readonly Version[];
}

export function newestOf(history: History): Version {
  const newest = history.versions.at(-1);
  if (newest === undefined) throw new Error("a history has a version");
  return newest;
}

/** The newest version that has content: attributes survive a deletion for what was said before it. */
export function newestBody(history: History): Json {
  return history.versions.findLast((each) => !each.deleted)?.body ?? newestOf(history).body;
}

/** "Entered in error (in its newest version held)"; "a FHIR deletion voids as entered-in-error does". */
export function isVoided(history: History): boolean {
  const newest = newestOf(history);
  return newest.deleted || textOf(newest.body["status"]) === "entered-in-error";
}

export function isDeletion(body: Json): boolean {
  return body["deleted"] === true;
}

/** AuditEvent and Provenance without id are "known by their content". */
export function keyOf(body: Json): string | undefined {
  const type = textOf(body["resourceType"]);
  if (type === undefined) return undefined;
  const id = textOf(body["id"]);
  if (id !== undefined) return `${type}/${id}`;
  return type === "AuditEvent" || type === "Provenance" ? `${type}/#${contentHash(body)}` : undefined;
}

export function gatherHistories(bodies: readonly Json[], zone: string): Map<string, History> {
  const byKey = new Map<string, Json[]>();
  for (const body of bodies) {
    const key = keyOf(body);
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), body]);
  }
  const histories = new Map<string, History>();
  for (const [key, copies] of byKey) {
    const [type, id] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
    histories.set(key, { key, type, id, versions: orderVersions(copies, zone) });
  }
  return histories;
}

function orderVersions(copies: readonly Json[], zone: string): Version[] {
  const one = oneOfEachVersion(copies, zone);
  const heldNumbers = new Set(one.map((body) => numberOf(versionIdOf(body))).filter((each) => each !== undefined));
  return [...one]
    .sort((a, b) => compareVersions(a, b, zone))
    .map((body) => {
      const [lastUpdated, versionId] = [lastUpdatedOf(body, zone), versionIdOf(body)];
      const number = numberOf(versionId);
      // "Exact only for version 1 or where the version before is held": the version before *n* is *n* - 1.
      const isExact = number !== undefined && (number === 1 || heldNumbers.has(number - 1));
      const updated = lastUpdated === undefined ? undefined : { at: lastUpdated, end: lastUpdated, bound: !isExact };
      return { body, deleted: isDeletion(body), versionId, lastUpdated, updated };
    });
}

/** "The same version id with different content is one version: the later `lastUpdated`, then the greater content hash, wins." */
function oneOfEachVersion(copies: readonly Json[], zone: string): Json[] {
  const kept = new Map<string, Json>();
  for (const body of copies) {
    const versionId = versionIdOf(body);
    const lastUpdated = lastUpdatedOf(body, zone);
    const name = versionId !== undefined ? `v ${versionId}` : `c ${lastUpdated ?? ""} ${contentHash(body)}`;
    const held = kept.get(name);
    if (held === undefined || beats(body, held, zone)) kept.set(name, body);
  }
  return [...kept.values()];
}

function beats(body: Json, held: Json, zone: string): boolean {
  const [mine, theirs] = [lastUpdatedOf(body, zone) ?? -Infinity, lastUpdatedOf(held, zone) ?? -Infinity];
  if (mine !== theirs) return mine > theirs;
  const [hash, other] = [contentHash(body), contentHash(held)];
  return hash !== other ? hash > other : canonical(body) > canonical(held);
}

function versionIdOf(body: Json): string | undefined {
  return textOf(objectOf(body["meta"])["versionId"]);
}

function numberOf(versionId: string | undefined): number | undefined {
  return versionId !== undefined && /^\d+$/.test(versionId) ? Number(versionId) : undefined;
}

/** `lastUpdated` (absent first), numeric version id, latest time of its own recording, rank of status, content hash. */
function compareVersions(a: Json, b: Json, zone: string): number {
  const keys = (body: Json): number[] => [
    lastUpdatedOf(body, zone) ?? -Infinity,
    numberOf(versionIdOf(body)) ?? -Infinity,
    ownRecordingOf(body, zone),
    rankOf(body),
  ];
  const [mine, theirs] = [keys(a), keys(b)];
  for (const [index, value] of mine.entries()) {
    const other = theirs[index] ?? -Infinity;
    if (value !== other) return value < other ? -1 : 1;
  }
  return contentHash(a) < contentHash(b) ? -1 : 1;
}

const recordingFields = ["lastModified", "issued", "recorded", "authoredOn", "sent", "received", "created", "date", "recordedDate"];

function ownRecordingOf(body: Json, zone: string): Instant {
  const values = recordingFields.map((field) => body[field]);
  if (body["resourceType"] === "Task" && body["status"] === "completed") values.push(objectOf(body["executionPeriod"])["end"]);
  return Math.max(-Infinity, ...values.map((value) => readTime(value, zone)?.at ?? -Infinity));
}

const ranks: readonly (readonly string[])[] = [
  ["draft"],
  ["requested", "registered"],
  ["partial", "preliminary"],
  ["received"],
  ["accepted"],
  ["ready"],
  ["active", "in-progress"],
  ["on-hold"],
  ["final"],
  ["amended", "corrected", "appended"],
  ["completed"],
  ["rejected"],
  ["failed"],
  ["cancelled", "revoked", "stopped"],
  ["entered-in-error"],
];

function rankOf(body: Json): number {
  if (isDeletion(body)) return ranks.length;
  const status = textOf(body["status"]) ?? "";
  return ranks.findIndex((each) => each.includes(status));
}

export function isResourceLike(value: unknown): value is Json {
  return isObject(value) && textOf(value["resourceType"]) !== undefined;
}
