import type { Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { readBulkFile } from "../fhir/bulk-file.ts";
import { readNotExported } from "../fhir/bulk-outcome.ts";
import { isObject, type JsonObject } from "../fhir/bundle.ts";
import { FhirFailure } from "../fhir/fhir-failure.ts";
import type { FolderItem } from "../fhir/folder-item.ts";
import type { Given } from "../fhir/search.ts";
import { keepPlace, leftOutCode, noteNotExported, type HeldExport, type HeldFile } from "../store/bulk-export.ts";
import type { BulkPull } from "./bulk-pull.ts";
import type { Pulled } from "./pulled.ts";
import { pulledTypes } from "./pulled-types.ts";
import { pullReferenced } from "./pull-referenced.ts";
import { pullMissingVersions } from "./pull-versions.ts";
import { gatherNames, takeIn } from "./take-in.ts";

/** Lines are stored, with what they name, and then the place is: a process that dies reads so many again. */
const linesAtOnce = 2_000;
/** Or so much of the file: some lines hold a whole document. */
const bytesAtOnce = 16 * 1024 * 1024;

/**
 * Reads a file from where it is stored on, the same way in as everything else.
 * @throws FhirFailure where it is not given, or not all of it; what came is stored
 */
export async function pullFile(pull: BulkPull, held: HeldExport, file: HeldFile): Promise<HeldFile> {
  const source = { siteId: pull.scope.siteId, source: pull.scope.source };
  const name = `${file.type || "Bundle"} ${file.kind === "output" ? "export" : file.kind} ${file.place + 1}`;
  let stored = file;
  let [line, counted] = [file.line, file.counted];
  let [items, bytes]: [FolderItem[], number] = [[], 0];

  async function store(done: boolean): Promise<void> {
    await takeInItems(pull, held, file, items);
    stored = { ...stored, line, counted, done };
    await keepPlace(pull.db, source, stored);
    [items, bytes] = [[], 0];
  }

  try {
    for await (const item of readBulkFile(pull.ask, name, file, (count) => void (bytes += count))) {
      if (item.line <= file.line) continue;
      if (item.line !== line) {
        if (items.length >= linesAtOnce || (bytes >= bytesAtOnce && items.length > 0)) await store(false);
        [line, counted] = [item.line, counted + 1];
      }
      items.push(item);
    }
  } catch (error) {
    if (error instanceof FhirFailure) await store(false);
    throw error;
  }
  const { expected } = file;
  const isShort = file.kind === "output" && expected !== undefined && counted < expected;
  if (file.kind === "output" && expected !== undefined && counted > expected) {
    await noteNotExported(pull.db, source, file.type, `gave ${counted} resources in a file that it said held ${expected}`);
  }
  await store(!isShort);
  if (isShort) throw new FhirFailure("pages", `gave ${counted} of the ${expected} resources of a file of its export`);
  return stored;
}

async function takeInItems(pull: BulkPull, held: HeldExport, file: HeldFile, items: readonly FolderItem[]): Promise<void> {
  const { db, scope, context } = pull;
  const named = new Set<Key>();
  const pulled: Pulled[] = [];
  for (const item of items) {
    pulled.push(await noteOutcome(pull, held, file, file.kind === "deleted" ? asDeletion(item, held.transactionAt) : item));
  }
  await takeIn(db, scope, asStream([pulled]), context, gatherNames(named));
  if (file.kind === "deleted") return;
  for (const [type, given] of Map.groupBy(pulled.flatMap(asGiven), ({ resource }) => String(resource["resourceType"]))) {
    // An export has the newest version alone; of what is done, earlier ones tell when.
    await pullMissingVersions(pull, type, given, named);
  }
  await pullReferenced(pull, named);
}

/**
 * A deletion in an export has no time. It lies between the last version and when the export was taken, which dates it:
 * whatever has no time counts as older than all that has one, and the record would live on.
 */
function asDeletion(item: FolderItem, transactionAt: Instant | undefined): Pulled {
  if (item.kind === "unusable") return item;
  const { file, line, resource } = item;
  if (!isObject(resource) || resource["deleted"] !== true) {
    const reason = "It stands among the deletions of an export and says none: ask whoever runs the server what it means.";
    return { kind: "unusable", file, line, code: "not-a-deletion", reason, text: JSON.stringify(resource) };
  }
  const meta = isObject(resource["meta"]) ? resource["meta"] : {};
  const dated = { lastUpdated: new Date(transactionAt ?? 0).toISOString(), ...meta };
  return { kind: "resource", file, line, resource: { ...resource, meta: dated } };
}

/**
 * What the export says of itself; some servers put it among the resources. What it left out is told by codes and types,
 * and its words, which may name a patient, are kept where quarantine is read.
 */
async function noteOutcome(pull: BulkPull, held: HeldExport, file: HeldFile, item: Pulled): Promise<Pulled> {
  const isOutcome = item.kind === "resource" && isObject(item.resource) && item.resource["resourceType"] === "OperationOutcome";
  if (file.kind !== "error" && !isOutcome) return item;
  const asked = held.types.length === 0 ? pulledTypes : held.types;
  const said = readNotExported(item.kind === "resource" ? item.resource : undefined, asked);
  if (said === undefined) return item;
  const codes = said.codes.length === 0 ? "" : ` (${said.codes.join(", ")})`;
  for (const type of said.types) {
    await noteNotExported(
      pull.db,
      { siteId: pull.scope.siteId, source: pull.scope.source },
      type,
      `says that its export left some of it out${codes}`,
    );
  }
  if (item.kind === "unusable") return item;
  const reason = "The server says here what it left out of its export: have whoever runs it mend that; it is exported again by itself.";
  return { kind: "unusable", file: item.file, line: item.line, code: leftOutCode, reason, text: JSON.stringify(item.resource) };
}

function asGiven(item: Pulled): Given[] {
  return item.kind === "resource" && isObject(item.resource)
    ? [{ resource: item.resource satisfies JsonObject, lastUpdated: undefined }]
    : [];
}

async function* asStream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* await Promise.resolve(items);
}
