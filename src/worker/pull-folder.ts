import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { latestOf, type Instant } from "../domain/instant.ts";
import type { PullNotes } from "../domain/scan-summary.ts";
import { readDeclaredCoverage } from "../fhir/declared-coverage.ts";
import { coverageOf, noteTime, type TimesSeen, type TypeCoverage } from "../fhir/folder-coverage.ts";
import { readFolder } from "../fhir/read-folder.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { addCoverage } from "../store/coverage.ts";
import { writeLatest } from "../store/site.ts";
import type { Pulled } from "./pulled.ts";
import type { PullScope } from "./pull-scope.ts";
import { takeIn } from "./take-in.ts";

export interface FolderPull {
  readonly folder: string;
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
  await takeIn(db, scope, files.watch(readFolder(pull.folder, pull.onBytes)), pull.context, {
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
  return { afterClock, cutShort, failedWindows: [], notOffered: [], serverRemarks: [] };
}

/** Which types were in which files, for a file that is cut short may have held more of them. */
class FilesRead {
  readonly #types = new Map<string, Set<string>>();
  readonly #cut = new Set<string>();

  async *watch(items: ReturnType<typeof readFolder>): AsyncGenerator<Pulled> {
    for await (const item of items) {
      if (item.kind === "unusable") {
        if (item.lost === "unknown") this.#cut.add(item.file);
      } else this.#note(item.file, item.resource);
      yield item;
    }
  }

  #note(file: string, resource: unknown): void {
    const type = typeof resource === "object" && resource !== null && "resourceType" in resource ? resource.resourceType : undefined;
    const types = this.#types.get(file) ?? new Set<string>();
    if (typeof type === "string") types.add(type);
    this.#types.set(file, types);
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
