import type { BulkRequest } from "./bulk-request.ts";
import { isObject, parseJson } from "./json-value.ts";
import type { LoadedHospital } from "./load-hospital.ts";
import { operationOutcome, Refusal } from "./operation-outcome.ts";
import type { Version } from "./version.ts";
import { describeWithheld, findWithheld } from "./withheld.ts";

/** One file of an export: a line a resource. */
export interface BulkFile {
  readonly kind: "output" | "deleted" | "error";
  readonly type: string;
  readonly lines: readonly string[];
}

/**
 * The newest version of each record since then; what was deleted since; and, in place of a type of which something is
 * withheld, that it cannot be read.
 * @throws Refusal where there is no such Group
 */
export function makeBulkFiles(loaded: LoadedHospital, request: BulkRequest, linesPerFile: number): BulkFile[] {
  const { hospital, withheld } = loaded;
  const { types, since, patientsOf } = request;
  const patients = patientsOf === undefined ? undefined : listPatients(loaded, patientsOf);
  const isSince = ({ lastUpdated }: Version): boolean => lastUpdated >= since;
  const files: BulkFile[] = [];
  const deletions: string[] = [];
  for (const type of types) {
    const lines = hospital
      .current(type)
      .filter((each) => isSince(each) && (patients === undefined || isAbout(each, patients)))
      .map(({ body }) => body);
    for (let start = 0; start < lines.length; start += linesPerFile) {
      files.push({ kind: "output", type, lines: lines.slice(start, start + linesPerFile) });
    }
    // By the specification only where it was asked for what changed.
    if (Number.isFinite(since)) {
      for (const each of hospital.history(type)) {
        const isNewest = hospital.versions(type, each.id)[0] === each;
        if (each.deleted && isNewest && isSince(each)) deletions.push(writeDeletion(each));
      }
    }
  }
  const errors = types.flatMap((type) => {
    const range = findWithheld(withheld, type, { start: since, end: Infinity });
    return range === undefined ? [] : [JSON.stringify(operationOutcome("exception", describeWithheld(type, range)))];
  });
  if (deletions.length > 0) files.push({ kind: "deleted", type: "Bundle", lines: deletions });
  if (errors.length > 0) files.push({ kind: "error", type: "OperationOutcome", lines: errors });
  return files;
}

/** The specification knows neither when nor as which version: a transaction says what to do, not what was done. */
function writeDeletion({ type, id }: Version): string {
  return JSON.stringify({
    resourceType: "Bundle",
    type: "transaction",
    entry: [{ request: { method: "DELETE", url: `${type}/${id}` } }],
  });
}

/** `Patient/id` of each member; of all patients. */
function listPatients({ hospital }: LoadedHospital, patientsOf: string): ReadonlySet<string> {
  if (patientsOf === "all") return new Set(hospital.current("Patient").map(({ id }) => `Patient/${id}`));
  const [group] = hospital.versions("Group", patientsOf);
  if (group === undefined || group.deleted) throw new Refusal(404, "not-found", "There is no such Group here.");
  const body = parseJson(group.body);
  const members = isObject(body) && Array.isArray(body["member"]) ? body["member"] : [];
  const references = members.map((member) => (isObject(member) && isObject(member["entity"]) ? member["entity"]["reference"] : undefined));
  return new Set(references.filter((each) => typeof each === "string"));
}

/** Is one of them, or names one. */
function isAbout({ type, id, body }: Version, patients: ReadonlySet<string>): boolean {
  if (type === "Patient") return patients.has(`Patient/${id}`);
  return [...body.matchAll(/"reference":\s*"(?:[^"]*\/)?(Patient\/[A-Za-z0-9\-.]+)/g)].some(([, name = ""]) => patients.has(name));
}
