import type { Facts } from "../domain/facts.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import type { Instant } from "../domain/instant.ts";
import { inWords } from "../domain/in-words.ts";
import { UserError } from "../domain/user-error.ts";
import { notOffered, originOf, readCapability, tolerableMs, type Capability } from "../fhir/capability.ts";
import { isObject, type JsonObject } from "../fhir/bundle.ts";
import { FhirFailure, isOfServer, isUnanswered } from "../fhir/fhir-failure.ts";
import type { FhirServer } from "../fhir/fhir-server.ts";
import { matchesOf, sampleSize, type FirstPage } from "./first-page.ts";
import { probePaging } from "./probe-paging.ts";
import { probeSearch } from "./probe-search.ts";
import type { SourceProblem } from "./source-problem.ts";

export interface ServerProbe {
  readonly fhirVersion: string | undefined;
  readonly problems: readonly SourceProblem[];
  /** Types that signals use and the server says it has. */
  readonly offered: ReadonlySet<string>;
  /** Those of them that it answered for, with records or without. */
  readonly given: ReadonlySet<string>;
  readonly resources: readonly unknown[];
  /** How many questions were asked of it. */
  readonly asked: number;
}

/**
 * Asks a server what it is, for one page of each type, and how it keeps to what pulling rests on: a bounded number of
 * questions, whatever it holds, and never a total of everything.
 */
export async function probeServer(
  opened: FhirServer,
  source: { readonly name: string; readonly types?: readonly string[]; readonly fhirVersion?: FhirVersion },
  used: readonly Facts["type"][],
  clock: () => Instant,
): Promise<ServerProbe> {
  let asked = 0;
  const server: FhirServer = { base: opened.base, get: (path) => ((asked += 1), opened.get(path)) };
  const before = clock();
  let capability: Capability;
  let statement: JsonObject;
  try {
    capability = await readCapability(server, source.name, source.fhirVersion);
    statement = (await server.get("metadata")).body;
  } catch (error) {
    return { fhirVersion: undefined, problems: [asStop(error, server.base)], offered: new Set(), given: new Set(), resources: [], asked };
  }
  const wanted = used.filter((type) => source.types?.includes(type) ?? true);
  const offered = new Set<string>(wanted.filter((type) => capability.types.has(type)));
  const pages: FirstPage[] = [];
  const problems: SourceProblem[] = [...ofCapability(capability, statement, source), ...ofClock(capability.date, before)];
  for (const type of offered) {
    try {
      pages.push({ type, page: await askFirstPage(server, type) });
    } catch (error) {
      if (!(error instanceof FhirFailure)) throw error;
      problems.push(notGiven(type, error));
      // Who does not answer at all is not asked for the others.
      if (isOfServer(error) || isUnanswered(error)) break;
    }
  }
  problems.push(...(await probePaging(server, pages)), ...(await probeSearch(server, capability, pages)));
  const given = new Set(pages.map(({ type }) => type));
  return { fhirVersion: capability.fhirVersion, problems, offered, given, resources: pages.flatMap(({ page }) => matchesOf(page)), asked };
}

/** The newest, where the server sorts: they are what the next scans will be given. */
async function askFirstPage(server: FhirServer, type: string): Promise<JsonObject> {
  try {
    return (await server.get(`${type}?_sort=-_lastUpdated&_count=${sampleSize}`)).body;
  } catch (error) {
    if (!(error instanceof FhirFailure) || error.status === undefined || error.status === 401 || error.status === 403) throw error;
    return (await server.get(`${type}?_count=${sampleSize}`)).body;
  }
}

function asStop(error: unknown, base: string): SourceProblem {
  if (error instanceof UserError) return { code: error.code, weight: "stops", says: error.message, mend: error.fix };
  if (!(error instanceof FhirFailure)) throw error;
  return {
    code: "source-failed",
    weight: "stops",
    says: `The server at ${originOf(base)} ${error.reason}.`,
    mend: error.fix ?? "Look at the server's own log, then run the same again.",
  };
}

function notGiven(type: string, failure: FhirFailure): SourceProblem {
  const isRight = failure.status === 401 || failure.status === 403;
  return {
    code: isRight ? "type-refused" : "type-not-given",
    weight: "blinds",
    says: `Asked for ${type}, it ${failure.reason}.`,
    mend: isRight
      ? `Give Followthrough's account the right to read and search ${type}.`
      : `Look at the server's own log; where it wants more than a time (a patient, say), export ${type} as files and read the folder.`,
  };
}

const workflowTypes = ["Task", "DiagnosticReport", "ServiceRequest"];

function ofCapability(
  capability: Capability,
  statement: JsonObject,
  source: { readonly name: string; readonly types?: readonly string[] },
): SourceProblem[] {
  const { types } = capability;
  const missing = notOffered(source, capability);
  const kept = workflowTypes.filter((type) => types.has(type) && (source.types?.includes(type) ?? true));
  const withoutHistory = kept.filter((type) => !types.get(type)?.historyOfType && !types.get(type)?.historyOfRecord);
  return [
    ...missing.map((type) => ({
      code: "type-not-offered",
      weight: "blinds" as const,
      says: `It offers no ${type}: what only ${type} tells cannot be seen.`,
      mend:
        source.types === undefined
          ? `Give Followthrough's account the right to search ${type}. Where this EPR has none, list the other types under types of the source.`
          : "Correct types of the source in followthrough.yaml, or have it offered.",
    })),
    ...(withoutHistory.length > 0
      ? [
          {
            code: "no-history",
            weight: "note" as const,
            says: `It offers no _history of ${withoutHistory.join(", ")}: of what changed twice between two scans only the last is seen, and deletions are not.`,
            mend: "Have _history switched on (interaction history-instance), or scan more often.",
          },
        ]
      : []),
    ...(exports(statement)
      ? []
      : [
          {
            code: "no-export",
            weight: "note" as const,
            says: "It offers no bulk export ($export): everything is read by searches.",
            mend: "Nothing has to be done; for the first reading of years, an export in files is quicker.",
          },
        ]),
  ];
}

function exports(statement: JsonObject): boolean {
  const rests = Array.isArray(statement["rest"]) ? statement["rest"].filter(isObject) : [];
  const holders = rests.flatMap((rest) => [rest, ...(Array.isArray(rest["resource"]) ? rest["resource"].filter(isObject) : [])]);
  const operations = holders.flatMap((each) => (Array.isArray(each["operation"]) ? each["operation"].filter(isObject) : []));
  return operations.some(({ name }) => ["export", "$export"].includes(String(name)));
}

function ofClock(date: Instant | undefined, ours: Instant): SourceProblem[] {
  if (date === undefined) {
    return [
      {
        code: "no-clock",
        weight: "note",
        says: "It does not say what time it is (no Date header): this computer's clock is taken.",
        mend: "Keep this computer's clock right, or have the proxy before the server pass the header on.",
      },
    ];
  }
  const off = date - ours;
  if (Math.abs(off) <= tolerableMs) return [];
  return [
    {
      code: "clock-off",
      weight: "blinds",
      says: `Its clock is ${inWords(Math.abs(off))} ${off > 0 ? "ahead of" : "behind"} this computer's. Only what both say has passed is judged.`,
      mend: "Have the wrong one set (NTP).",
    },
  ];
}
