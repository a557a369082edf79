import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { count } from "../domain/count.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import { latestOf } from "../domain/instant.ts";
import type { PullNotes } from "../domain/scan-summary.ts";
import { readDeclaredCoverage } from "../fhir/declared-coverage.ts";
import { folderSize } from "../fhir/folder-files.ts";
import { coverageOf, type TypeCoverage } from "../fhir/folder-coverage.ts";
import { addCoverage } from "../store/coverage.ts";
import { writeLatest } from "../store/site.ts";
import type { PullScope } from "./pull-scope.ts";
import { readApart } from "./read-apart.ts";
import { readBatches, type FolderNotes, type FolderToRead } from "./read-batches.ts";
import { storeBatches } from "./take-in.ts";

export interface FolderPull extends Omit<FolderToRead, "site"> {
  readonly onBytes: (bytes: number) => void;
}

/** To start a thread takes as long as to read so much. */
const bytesWorthAThread = 4 * 1024 * 1024;

/** Reads a folder into the database, and credits its coverage when all of it has been read. */
export async function pullFolder(db: Kysely<Database>, scope: PullScope, pull: FolderPull): Promise<PullNotes> {
  const declared = await readDeclaredCoverage(pull.folder);
  const { folder, fhirVersion, context, clock } = pull;
  const { bytes } = await folderSize(folder);
  const from: FolderToRead = { folder, site: scope.site.name, fhirVersion, context, clock };
  const batches = bytes >= bytesWorthAThread ? readApart(from, pull.onBytes) : readBatches(from, pull.onBytes);
  const { times, cutShort, otherVersions } = await storeBatches(db, scope, batches);
  const { feeds, afterClock } = coverageOf(declared, times);
  const typesCutShort = typesOf(
    cutShort,
    feeds.map(({ type }) => type),
  );
  await withTransaction(db, async (transaction) => {
    const credited = feeds.map((feed): TypeCoverage => (typesCutShort.includes(feed.type) ? { ...feed, intervals: [] } : feed));
    await addCoverage(transaction, scope.siteId, scope.source, credited);
    const latest = latestOf([...times.values()].map((each) => each.latest));
    if (latest !== undefined) await writeLatest(transaction, scope.siteId, latest);
  });
  const serverRemarks = remarksOn(scope.source, fhirVersion, otherVersions);
  return { afterClock, cutShort: typesCutShort, failedWindows: [], notOffered: [], serverRemarks };
}

/** The types read from files cut short, and those their names speak of; all of them where nothing tells. */
function typesOf(cutShort: FolderNotes["cutShort"], known: readonly string[]): string[] {
  const types = cutShort.flatMap(({ file, types }) => {
    const named = known.filter((type) => file.split("/").at(-1)?.startsWith(`${type}.`));
    const read = [...types, ...named];
    return read.length > 0 ? read : known;
  });
  return [...new Set(types)].sort();
}

function remarksOn(source: string, said: FhirVersion | undefined, others: ReadonlyMap<string, number>): string[] {
  return [...others].map(
    ([version, number]) =>
      `${count(number, "resource")} of source ${source} ${number === 1 ? "has" : "have"} the shape of FHIR ${version}, and it is said to be ${said}: ${version === "DSTU2" ? "they are in quarantine" : `they were read as ${version}`}. See that it is the export that you meant, or correct fhirVersion.`,
  );
}
