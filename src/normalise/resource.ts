import type { Facts, Key } from "../domain/facts.ts";
import type { Instant, StatedTime } from "../domain/instant.ts";
import { listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import type { Mapping } from "./mapping.ts";
import { parseTime } from "./time.ts";

export interface NormaliseContext {
  /** The site's zone, for times without one and for dates. */
  readonly timeZone: string;
  /** Absolute URLs under these are not this site's own. */
  readonly foreignBases: readonly string[];
  /** Names that the site has configured as machines. */
  readonly machineNames: readonly string[];
  /** Identifier systems that name one person (`defaultJoiningSystems`). */
  readonly joiningSystems: readonly string[];
  readonly mapping: Mapping;
}

/** One resource version while it is read. */
export interface Resource {
  readonly json: JsonObject;
  readonly type: string;
  readonly key: Key;
  readonly contentHash: string;
  readonly contained: readonly JsonObject[];
  readonly context: NormaliseContext;
}

/** What a type's reader makes of a version. */
export interface Read<F extends Facts = Facts> {
  readonly facts: F;
  /** The time by which the version counts in its feed's hours; absent: `meta.lastUpdated`. */
  readonly at?: StatedTime | undefined;
  /** Other times that it carries, for retention. */
  readonly carried?: readonly (StatedTime | undefined)[];
  /** The care event that it states and that no time places: the version is refused. */
  readonly untimed?: string | undefined;
}

export type Reader<F extends Facts = Facts> = (resource: Resource) => Read<F>;

export function timeOf(resource: Resource, value: unknown): StatedTime | undefined {
  return value === undefined ? undefined : parseTime(value, resource.context.timeZone);
}

/** The first that can be read. */
export function firstTime(resource: Resource, ...values: readonly unknown[]): StatedTime | undefined {
  for (const value of values) {
    const time = timeOf(resource, value);
    if (time !== undefined) return time;
  }
  return undefined;
}

export function instantOf(resource: Resource, value: unknown): Instant | undefined {
  return timeOf(resource, value)?.at;
}

/** The contained resource that `#local` names. Some writers put the `#` into its id as well. */
export function findContained(resource: Resource, local: string): JsonObject | undefined {
  return resource.contained.find((each) => textOf(each["id"])?.replace(/^#/, "") === local);
}

export function listContained(json: JsonObject): readonly JsonObject[] {
  return listObjects(json["contained"]);
}
