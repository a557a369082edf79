import type { Kysely } from "kysely";
import type { SiteConfig } from "../config/config.ts";
import type { Database } from "../db/schema.ts";
import { latestOf, type Instant } from "../domain/instant.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import type { PullNotes } from "../domain/scan-summary.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { readMapping } from "../normalise/read-mapping.ts";
import { pullFolder } from "./pull-folder.ts";
import type { PullScope } from "./pull-scope.ts";
import type { Patience } from "../fhir/fhir-server.ts";
import { pullBulk } from "./pull-bulk.ts";
import type { ExportWait, ServerToExport } from "./bulk-pull.ts";
import { pullServer, type ServerToRead } from "./pull-server.ts";
import type { WindowRead } from "./server-pull.ts";

/** A folder of files, or a FHIR server, which is searched or asked to export. */
export type SourceToRead =
  { readonly name: string; readonly folder: string; readonly fhirVersion?: FhirVersion } | ServerToRead | ServerToExport;

/** Told how far a scan is. */
export interface ScanProgress {
  /** Anew, after a change of what normalising rests on. */
  normalising(batchesLeft: number): void;
  reading(source: string, bytes: number): void;
  windowRead(window: WindowRead): void;
  exporting?(wait: ExportWait): void;
  relating(recordsLeft: number): void;
  judging(patientsLeft: number): void;
}

interface Pulling {
  readonly context: NormaliseContext;
  readonly sources: readonly SourceToRead[];
  readonly since: Instant | undefined;
  readonly reconcile?: true;
  readonly progress?: ScanProgress;
  readonly startedAt: Instant;
  readonly clock: () => Instant;
  readonly random: () => number;
  readonly patience?: Partial<Patience> | undefined;
}

/** Reads source after source. `until`: the latest that a server's clock said, where there is a server. */
export async function pullAll(
  db: Kysely<Database>,
  run: Omit<PullScope, "source">,
  { context, sources, since, reconcile, progress, startedAt, clock, random, patience }: Pulling,
): Promise<{ notes: PullNotes; until: Instant | undefined }> {
  const notes: PullNotes[] = [];
  let until: Instant | undefined;
  for (const source of sources) {
    const scope = { ...run, source: source.name };
    if ("folder" in source) {
      const onBytes = (bytes: number): void => progress?.reading(source.name, bytes);
      notes.push(await pullFolder(db, scope, { ...source, context, clock: startedAt, onBytes }));
    } else {
      const onWindow = (window: WindowRead): void => progress?.windowRead(window);
      const options = { context, clock, random, since, isReconcile: reconcile ?? false, onWindow, patience };
      const onWait = (wait: ExportWait): void => progress?.exporting?.(wait);
      const pulled =
        "bulk" in source ? await pullBulk(db, scope, { ...options, source, onWait }) : await pullServer(db, scope, { ...options, source });
      notes.push(pulled.notes);
      until = latestOf([until, pulled.until]);
    }
  }
  return { notes: joinNotes(notes), until };
}

function joinNotes(notes: readonly PullNotes[]): PullNotes {
  return {
    afterClock: notes.reduce((sum, each) => sum + each.afterClock, 0),
    cutShort: notes.flatMap((each) => each.cutShort),
    failedWindows: notes.flatMap((each) => each.failedWindows),
    notOffered: notes.flatMap((each) => each.notOffered),
    serverRemarks: notes.flatMap((each) => each.serverRemarks),
  };
}

/** What normalising rests on at a site. */
export function contextOf(config: SiteConfig): NormaliseContext {
  return {
    timeZone: config.timeZone,
    foreignBases: config.foreignBases,
    machineNames: config.machineNames,
    joiningSystems: config.joiningIdentifiers,
    mapping: readMapping(config.mapping),
  };
}
