import type { Instant } from "../../src/domain/instant.ts";
import { write } from "./moments.ts";
import { draw, put, tally, type Evidence, type Json, type Ward } from "./ward.ts";

/** One version of a record as it came to be, before anything about it is lost. */
export interface Version {
  /** When the server stored it: its `meta.lastUpdated`, where it is told. */
  readonly at: Instant;
  readonly body: Json;
  readonly evidence?: Evidence | undefined;
}

/** Puts what is left of a record's history: versions missing, unnumbered, undated, or sharing a number. */
export function putVersions(ward: Ward, resourceType: string, id: string, versions: readonly Version[]): void {
  const several = versions.length > 1 ? 1 : 0;
  const how = draw(ward, "versions", {
    whole: 60,
    "first-seen-late": 6 * several,
    "missing-between": versions.length > 2 ? 30 : 0,
    "numbered-from-3": 5,
    "no-version-id": 8,
    "no-last-updated": 6,
    "no-meta": 4,
    "shared-version-id": 12 * several,
    "shared-version-id-and-time": 6 * several,
    "shared-time": 5 * several,
  });
  versions.forEach((version, index) => {
    if (how === "first-seen-late" && index < versions.length - 1) return tally(ward, "version-never-seen");
    if (how === "missing-between" && index > 0 && index < versions.length - 1) return tally(ward, "version-never-seen");
    const shared = how === "shared-version-id" || how === "shared-version-id-and-time";
    const number = shared && index === versions.length - 1 ? index : index + (how === "numbered-from-3" ? 3 : 1);
    const dated = how === "shared-time" || how === "shared-version-id-and-time" ? (versions[0]?.at ?? version.at) : version.at;
    const meta = {
      ...(version.body["meta"] as Json | undefined),
      versionId: how === "no-version-id" || how === "no-meta" ? undefined : String(number),
      lastUpdated: how === "no-last-updated" || how === "no-meta" ? undefined : write(ward, dated),
    };
    const bare = Object.values(meta).every((each) => each === undefined);
    put(ward, { resourceType, id, ...version.body, meta: bare ? undefined : meta }, version.evidence);
  });
}
