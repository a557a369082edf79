import { originOf, type Capability } from "../fhir/capability.ts";
import type { JsonObject } from "../fhir/bundle.ts";
import { FhirFailure } from "../fhir/fhir-failure.ts";
import type { FhirServer } from "../fhir/fhir-server.ts";
import { entriesOf, isMatch } from "../fhir/read-pages.ts";
import { matchesOf, type FirstPage } from "./first-page.ts";
import type { SourceProblem } from "./source-problem.ts";

/** Windows in which nothing can have been written: what is given for them shows that a bound is not kept to. */
const farBefore = "1900-01-01T00:00:00.000Z";
const before = "1900-01-02T00:00:00.000Z";
const farAfter = "2999-01-01T00:00:00.000Z";

/** Whether a server keeps to what pulling rests on: `_lastUpdated`, `_summary=count`, `_history`. Five questions at most. */
export async function probeSearch(server: FhirServer, capability: Capability, pages: readonly FirstPage[]): Promise<SourceProblem[]> {
  const preferred = ["AuditEvent", "Task", "DiagnosticReport"];
  const filled = pages.filter(({ page }) => matchesOf(page).length > 0);
  const probed = filled.toSorted((a, b) => rank(a.type) - rank(b.type))[0];
  if (!probed) return [];
  const problems = [...(await probeBounds(server, probed.type)), ...(await probeCount(server, probed))];
  const kept = filled.find(({ type }) => capability.types.get(type)?.historyOfRecord);
  if (kept) problems.push(...(await probeHistory(server, kept)));
  return problems;

  function rank(type: string): number {
    const place = preferred.indexOf(type);
    return place === -1 ? preferred.length : place;
  }
}

async function probeBounds(server: FhirServer, type: string): Promise<SourceProblem[]> {
  const lower = await ask(server, `${type}?_lastUpdated=ge${farAfter}&_count=1`);
  if ("failure" in lower) return [noLastUpdated(type, `it ${lower.failure.reason}`)];
  if (lower.page.some(isMatch)) return [noLastUpdated(type, "it gives all the same what was written before that")];
  const both = await ask(server, `${type}?_lastUpdated=ge${farBefore}&_lastUpdated=lt${before}&_count=1`);
  if ("failure" in both || !both.page.some(isMatch)) return [];
  return [
    {
      code: "upper-bound-ignored",
      weight: "note",
      says: "It does not keep to the upper of two _lastUpdated bounds. What lies outside is left out here, so nothing is doubled; windows take longer.",
      mend: "Nothing has to be done; newer versions of the server may keep to it.",
    },
  ];
}

function noLastUpdated(type: string, how: string): SourceProblem {
  return {
    code: "no-last-updated",
    weight: "blinds",
    says: `It cannot search ${type} by _lastUpdated (asked for what was written after a time, ${how}): what is new cannot be told from what is not.`,
    mend: `Have the search parameter _lastUpdated switched on; or export ${type} as files, and read the folder.`,
  };
}

async function probeCount(server: FhirServer, { type, page }: FirstPage): Promise<SourceProblem[]> {
  // The newest that was sampled and what came after: never a total of everything.
  const { meta } = matchesOf(page)[0] ?? {};
  const at = typeof meta === "object" && meta !== null && "lastUpdated" in meta ? Date.parse(String(meta.lastUpdated)) : Number.NaN;
  const since = new Date(Number.isNaN(at) ? Date.parse(farAfter) : at).toISOString();
  const answer = await ask(server, `${type}?_summary=count&_lastUpdated=ge${since}`);
  if ("total" in answer && typeof answer.total === "number") return [];
  return [
    {
      code: "no-count",
      weight: "note",
      says: "It does not count (_summary=count): after a window was read, nobody can check that it gave all of it.",
      mend: "Where the server can be set, let it answer _summary=count.",
    },
  ];
}

async function probeHistory(server: FhirServer, { type, page }: FirstPage): Promise<SourceProblem[]> {
  const { id } = matchesOf(page)[0] ?? {};
  if (typeof id !== "string") return [];
  const answer = await ask(server, `${type}/${encodeURIComponent(id)}/_history?_count=1`);
  if (!("failure" in answer)) return [];
  return [
    {
      code: "history-not-given",
      weight: "note",
      says: `It says that it keeps the _history of ${type}, and asked for it at ${originOf(server.base)} it ${answer.failure.reason}.`,
      mend: `Give Followthrough's account the right to read the history of ${type}, or have it switched on.`,
    },
  ];
}

type Asked = { readonly failure: FhirFailure } | { readonly page: readonly unknown[]; readonly total: unknown };

async function ask(server: FhirServer, path: string): Promise<Asked> {
  try {
    const body: JsonObject = (await server.get(path)).body;
    if (body["resourceType"] !== "Bundle") return { failure: new FhirFailure("not-fhir", "answered with something else than a Bundle") };
    return { page: entriesOf(body), total: body["total"] };
  } catch (error) {
    if (error instanceof FhirFailure) return { failure: error };
    throw error;
  }
}
