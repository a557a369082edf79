import type { Case, Resource, Site } from "../../fixtures/case.ts";
import { resourcesOfCase } from "../../fixtures/sites.ts";
import { askHapi } from "./ask-hapi.ts";
import { jsonDifferences } from "./json-differences.ts";
import type { Loaded } from "./load-records.ts";

/** What became of the resources of one case, or of the site's staff, in a FHIR server. */
export interface CaseInHapi {
  readonly case: string;
  /** How many the server took, those that it altered among them. */
  readonly taken: number;
  /** `Type/id: status reason`, one for each version that it refused. */
  readonly refused: readonly string[];
  /** `Type/id: lost this, changed that`, one for each version that it gives back otherwise than it was put. */
  readonly altered: readonly string[];
}

/** One row for each case of the site, in their order, the staff first. */
export async function hospitalInHapi(site: Site, loaded: readonly Loaded[]): Promise<CaseInHapi[]> {
  const caseOf = new Map(site.cases.flatMap((each) => namesOf(each)));
  const rows = Map.groupBy(loaded, ({ resource }) => caseOf.get(JSON.stringify(resource)) ?? "staff");
  const table: CaseInHapi[] = [];
  for (const name of ["staff", ...site.cases.map((each) => each.name)]) table.push(await rowOf(name, rows.get(name) ?? []));
  return table;
}

/** The files hold what the cases make, so the text of a resource says whose it is; one without id has no other name. */
function namesOf(of: Case): [string, string][] {
  return resourcesOfCase(of).map((resource) => [JSON.stringify(resource), of.name]);
}

async function rowOf(name: string, loaded: readonly Loaded[]): Promise<CaseInHapi> {
  const refused = loaded.flatMap(({ resource, status, refusal }) =>
    refusal === undefined ? [] : [`${keyOf(resource)}: ${status} ${refusal}`],
  );
  const altered: string[] = [];
  for (const { resource, version } of loaded) {
    const differences = version === undefined ? "" : await describeDifferences(resource, version);
    if (differences !== "") altered.push(`${keyOf(resource)}: ${differences}`);
  }
  return { case: name, taken: loaded.length - refused.length, refused, altered };
}

function keyOf({ resourceType, id }: Resource): string {
  return id === undefined ? `${resourceType} without id` : `${resourceType}/${id}`;
}

async function describeDifferences(put: Resource, version: string): Promise<string> {
  const { body } = await askHapi("GET", version);
  return jsonDifferences(withoutServersOwn(put), withoutServersOwn(body ?? {}))
    .map(({ kind, path }) => `${kind} ${path}`)
    .join(", ");
}

/** Version, time and source are the server's to say; tags and security labels are the resource's own. */
function withoutServersOwn(resource: Readonly<Record<string, unknown>>): object {
  const {
    versionId: _versionId,
    lastUpdated: _lastUpdated,
    source: _source,
    ...meta
  } = (resource["meta"] ?? {}) as Record<string, unknown>;
  return { ...resource, meta };
}
