import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { count } from "../domain/count.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import { latestOf, type Instant } from "../domain/instant.ts";
import type { PullNotes } from "../domain/scan-summary.ts";
import { readDeclaredCoverage } from "../fhir/declared-coverage.ts";
import { coverageOf, noteTime, type TimesSeen, type TypeCoverage } from "../fhir/folder-coverage.ts";
import { readFolder } from "../fhir/read-folder.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { agreesWithShape, versionByShape } from "../normalise/shape-version.ts";
import { addCoverage } from "../store/coverage.ts";
import { writeLatest } from "../store/site.ts";
import type { Pulled } from "./pulled.ts";
import type { PullScope } from "./pull-scope.ts";
import { takeIn } from "./take-in.ts";

export interface FolderPull {
  readonly folder: string;
  /** What it is said to hold; absent: whatever the shape of each resource tells. */
  readonly fhirVersion?: FhirVersion;
  readonly context: NormaliseContext;
  /** The process's clock at its start: later times are some system's mistake. */
  readonly clock: Instant;
  readonly onBytes: (bytes: number) => void;
}

/** Reads a folder into the database, and credits its coverage when all of it has been read. */
export async function pullFolder(db: Kysely<Database>, scope: PullScope, pull: FolderPull): Promise<PullNotes> {
  const declared = await readDeclaredCoverage(pull.folder);
  const times: TimesSeen = new Map();
  const files = new FilesRead();
  const others = new Map<string, number>();
  const pulled = watchVersions(files.watch(readFolder(pull.folder, pull.onBytes)), pull.fhirVersion, others);
  await takeIn(db, scope, pulled, pull.context, {
    time: (type, at) => noteTime(times, type, at, pull.clock),
  });
  const { feeds, afterClock } = coverageOf(declared, times);
  const cutShort = files.typesCutShort(feeds.map(({ type }) => type));
  await withTransaction(db, async (transaction) => {
    const credited = feeds.map((feed): TypeCoverage => (cutShort.includes(feed.type) ? { ...feed, intervals: [] } : feed));
    await addCoverage(transaction, scope.siteId, scope.source, credited);
    const latest = latestOf([...times.values()].map((each) => each.latest));
    if (latest !== undefined) await writeLatest(transaction, scope.siteId, latest);
  });
  return { afterClock, cutShort, failedWindows: [], notOffered: [], serverRemarks: remarksOn(scope.source, pull.fhirVersion, others) };
}

/** Counts what is plainly of another version than the folder is said to hold. */
async function* watchVersions(
  pieces: AsyncGenerator<readonly Pulled[]>,
  said: FhirVersion | undefined,
  others: Map<string, number>,
): AsyncGenerator<readonly Pulled[]> {
  for await (const items of pieces) {
    for (const item of items) {
      if (said === undefined || item.kind !== "resource") continue;
      const shape = versionByShape(item.resource);
      if (shape !== undefined && !agreesWithShape(said, shape)) others.set(shape, (others.get(shape) ?? 0) + 1);
    }
    yield items;
  }
}

function remarksOn(source: string, said: FhirVersion | undefined, others: ReadonlyMap<string, number>): string[] {
  return [...others].map(
    ([version, number]) =>
      `${count(number, "resource")} of source ${source} ${number === 1 ? "has" : "have"} the shape of FHIR ${version}, and it is said to be ${said}: ${version === "DSTU2" ? "they are in quarantine" : `they were read as ${version}`}. See that it is the export that you meant, or correct fhirVersion.`,
  );
}

/** Which types were in which files, for a file that is cut short may have held more of them. */
class FilesRead {
  readonly #types = new Map<string, Set<string>>();
  readonly #cut = new Set<string>();

  async *watch(pieces: ReturnType<typeof readFolder>): AsyncGenerator<readonly Pulled[]> {
    for await (const items of pieces) {
      for (const item of items) {
        if (item.kind === "resource") this.#note(item.file, item.resource);
        else if (item.lost === "unknown") this.#cut.add(item.file);
      }
      yield items;
    }
  }

  #note(file: string, resource: unknown): void {
    const type = typeof resource === "object" && resource !== null && "resourceType" in resource ? resource.resourceType : undefined;
    let types = this.#types.get(file);
    if (types === undefined) this.#types.set(file, (types = new Set()));
    if (typeof type === "string") types.add(type);
  }

  /** The types read from files cut short, and those their names speak of; all of them where nothing tells. */
  typesCutShort(known: readonly string[]): string[] {
    const types = [...this.#cut].flatMap((file) => {
      const named = known.filter((type) => file.split("/").at(-1)?.startsWith(`${type}.`));
      const read = [...(this.#types.get(file) ?? []), ...named];
      return read.length > 0 ? read : known;
    });
    return [...new Set(types)].sort();
  }
}
