import { nameFhirVersion, type FhirVersion } from "../domain/fhir-version.ts";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure, isUnanswered } from "./fhir-failure.ts";
import type { FhirServer, Reply } from "./fhir-server.ts";
import { wantsOurs } from "./tls-fault.ts";

/** What a server says of itself (CapabilityStatement, `/metadata`). */
export interface Capability {
  /** Such as `4.0.1`. */
  readonly fhirVersion: string;
  /** The types that can be searched, and what of their history can be had. */
  readonly types: ReadonlyMap<string, TypeCapability>;
  /** By its own clock, when it was asked; absent where it does not say. */
  readonly date: Instant | undefined;
}

interface TypeCapability {
  readonly historyOfType: boolean;
  readonly historyOfRecord: boolean;
}

/**
 * Asks a server what it is. Everything that makes a pull pointless is told here, before anything is read.
 * @param expected what the configuration says it speaks; absent: whatever it says itself
 * @throws UserError `source-unreachable`, `source-untrusted`, `source-unauthorised`, `source-not-fhir`, `source-version-unsupported`,
 *   `source-version-differs`, `source-failed`
 */
export async function readCapability(server: FhirServer, source: string, expected?: FhirVersion): Promise<Capability> {
  const { body, date } = await askMetadata(server, source);
  if (body["resourceType"] !== "CapabilityStatement") {
    const what =
      body["resourceType"] === "Conformance" ? "speaks FHIR DSTU2, which is not read: STU3, R4, R4B and R5 are" : "is no FHIR server";
    throw new UserError(
      body["resourceType"] === "Conformance" ? "source-version-unsupported" : "source-not-fhir",
      `What answers at ${originOf(server.base)} ${what}.`,
      "Give the base URL of a FHIR server, the part before /metadata, such as https://fhir.example/R4.",
    );
  }
  const fhirVersion = typeof body["fhirVersion"] === "string" ? body["fhirVersion"] : "";
  const version = nameFhirVersion(fhirVersion);
  if (version === "DSTU2") {
    throw new UserError(
      "source-version-unsupported",
      `The server at ${originOf(server.base)} speaks FHIR ${fhirVersion}, which is not read: STU3, R4, R4B and R5 are.`,
      "Ask its vendor for the base URL of a later version.",
    );
  }
  if (expected === undefined && version === undefined && fhirVersion !== "") {
    throw new UserError(
      "source-version-unsupported",
      `The server at ${originOf(server.base)} speaks a version of FHIR that is not known here: STU3, R4, R4B and R5 are.`,
      "Give its base URL of one of these; where what it sends is like one of them, say so: fhirVersion of the source (--fhir-version).",
    );
  }
  if (expected !== undefined && version !== undefined && version !== expected) {
    throw new UserError(
      "source-version-differs",
      `The server at ${originOf(server.base)} speaks FHIR ${version} (${fhirVersion}), and source "${source}" is said to be ${expected}.`,
      "Give the base URL of that version, or correct fhirVersion of the source (--fhir-version).",
    );
  }
  return { fhirVersion, types: new Map(listObjects(body["rest"]).flatMap(({ resource }) => listObjects(resource).flatMap(typeOf))), date };
}

/** What took too long is asked once more: a server that was asleep may be slow with its first answer, and nothing is read without it. */
async function askMetadata(server: FhirServer, source: string, isAgain = false): Promise<Reply> {
  try {
    return await server.get("metadata");
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    if (error.kind === "slow" && !isAgain) return askMetadata(server, source, true);
    const said = `The FHIR server of source "${source}" at ${originOf(server.base)} ${error.reason}.`;
    throw new UserError(...mend(error, said, server.base), { cause: error });
  }
}

/**
 * Asks whether there still is a server, after a question that no answer came to: it may have been about the question.
 * @throws FhirFailure `unreachable` where there is none
 */
export async function confirmServerAnswers(server: FhirServer): Promise<void> {
  try {
    await server.get("metadata");
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    if (isUnanswered(error)) throw new FhirFailure("unreachable", error.reason, { cause: error });
  }
}

function mend(failure: FhirFailure, said: string, base: string): [code: string, message: string, fix: string] {
  const { kind, status } = failure;
  if (failure.fix !== undefined) return [kind === "refused" ? "source-unauthorised" : `source-${kind}`, said, failure.fix];
  if (isUnanswered(failure)) {
    return [
      "source-unreachable",
      said,
      // Since TLS 1.3 one that wants a certificate hears of none when the handshake is over, and may just hang up.
      kind === "broken" && base.startsWith("https:")
        ? `Run the same again: nothing was lost. If it always does so, it may want a client certificate, or another one. ${wantsOurs.fix}`
        : "Check that the address is right and that this computer may reach it. Nothing was lost: run the same again.",
    ];
  }
  if (status === 401 || status === 403) {
    const fix =
      "Say as whom to ask, under `auth` of the source in followthrough.yaml; for a bearer token in an environment variable, `tokenFrom: NAME`. Where that is there: see that it is right, and may read.";
    return ["source-unauthorised", said, fix];
  }
  if (kind === "refused") return ["source-elsewhere", said, "Give the address that it sends you to, if that is your server."];
  if (kind === "not-fhir" || status === 404 || status === 410) {
    return ["source-not-fhir", said, "Give the base URL of a FHIR server, the part before /metadata, such as https://fhir.example/R4."];
  }
  return ["source-failed", said, "Look at the server's own log, then run the same again. Nothing was lost."];
}

function typeOf(resource: JsonObject): [string, TypeCapability][] {
  const { type } = resource;
  const codes = new Set(listObjects(resource["interaction"]).map(({ code }) => code));
  // A statement without interactions says what there is and not what can be done: it is taken to be searchable.
  if (typeof type !== "string" || (codes.size > 0 && !codes.has("search-type"))) return [];
  return [[type, { historyOfType: codes.has("history-type"), historyOfRecord: codes.has("history-instance") }]];
}

function listObjects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** For messages: without path, which may name a patient, and without password. */
export function originOf(base: string): string {
  return new URL(base).origin;
}

/** A clock of a server that is kept by others may be this far off without anybody's noticing, in milliseconds. */
export const tolerableMs = 5 * 60_000;

/** Without any of these hardly anything that was done can be seen. */
const actingTypes = ["AuditEvent", "Task"];

/** What a server does not offer, though it is needed and nobody said that it is not, or somebody said that it is. */
export function notOffered(source: { readonly types?: readonly string[] }, capability: Capability): string[] {
  return (source.types ?? actingTypes).filter((type) => !capability.types.has(type));
}
