import { buildHospital, type Hospital } from "./hospital.ts";
import { readCoverageFiles, readFiles, type Unservable } from "./read-files.ts";
import { dateVersions, readVersion, type DatedVersion, type FoundVersion } from "./version.ts";
import { findWithheld, readCoverage, withheldBy, type Withheld } from "./withheld.ts";

export interface LoadedHospital {
  readonly hospital: Hospital;
  /** What lies within withheld time, kept only to know when something would be lost in silence. */
  readonly hidden: Hospital;
  readonly withheld: Withheld;
  /** Those held, and those that a `coverage.json` names. */
  readonly types: readonly string[];
  readonly unservable: readonly Unservable[];
}

/** Reads a folder once; nothing that happens to it later is seen. */
export async function loadHospital(folder: string, shiftMs: number, withhold: boolean): Promise<LoadedHospital> {
  const versions: FoundVersion[] = [];
  const unservable: Unservable[] = [];
  for await (const found of readFiles(folder)) {
    const read = "reason" in found ? found : readVersion(found, shiftMs);
    if ("reason" in read) unservable.push(read);
    else versions.push(read);
  }
  const coverage = readCoverage(await readCoverageFiles(folder), shiftMs);
  const withheld: Withheld = withhold ? withheldBy(coverage) : new Map();
  const isHidden = ({ type, lastUpdated }: DatedVersion): boolean =>
    findWithheld(withheld, type, { start: lastUpdated, end: lastUpdated + 1 }) !== undefined;
  const dated = dateVersions(versions);
  const { hospital, conflicts } = buildHospital(dated.filter((each) => !isHidden(each)));
  return {
    hospital,
    hidden: buildHospital(dated.filter(isHidden)).hospital,
    withheld,
    types: [...new Set([...versions.map((each) => each.type), ...coverage.keys()])].sort(),
    unservable: [...unservable, ...conflicts],
  };
}
