import type { Resource } from "../../fixtures/case.ts";
import { askHapi, type Answer } from "./ask-hapi.ts";

/** What the server said to one version of a record. */
export interface Loaded {
  readonly resource: Resource;
  /** 201 made or 200 changed; 200 also where nothing had changed. Anything else is a refusal. */
  readonly status: number;
  /** URL of that version on the server, undefined where it was refused. */
  readonly version: string | undefined;
  /** The server's reason, undefined where it took the resource. */
  readonly refusal: string | undefined;
}

/** HAPI was no faster with more. */
const recordsAtOnce = 8;

/**
 * Puts every version of every record, in the order of their version ids, records side by side. An event without id is
 * posted, as those that write events do; anything else without id is put all the same, for the answer to be seen.
 * The answers stand in the order of `resources`.
 */
export async function loadRecords(base: string, resources: readonly Resource[]): Promise<Loaded[]> {
  const answers = new Map<Resource, Loaded>();
  for (const part of [resources.filter((each) => !isConditional(each)), resources.filter(isConditional)]) {
    const records = groupByRecord(part).values();
    const loadSome = async (): Promise<void> => {
      for (const versions of records) for (const each of versions) answers.set(each, await loadVersion(base, each));
    };
    await Promise.all(Array.from({ length: recordsAtOnce }, loadSome));
  }
  return resources.map((each) => answers.get(each)!);
}

/** It names a record by a search that the server runs when it takes the resource: that record must be there. */
function isConditional(resource: Resource): boolean {
  return /"reference":"[A-Za-z]+\?/.test(JSON.stringify(resource));
}

function groupByRecord(resources: readonly Resource[]): readonly Resource[][] {
  const records = Map.groupBy(resources, (each) => (each.id === undefined ? each : `${each.resourceType}/${each.id}`));
  return [...records.values()].map((versions) => versions.toSorted((a, b) => versionOf(a) - versionOf(b)));
}

function versionOf(resource: Resource): number {
  return Number((resource["meta"] as { versionId?: string } | undefined)?.versionId ?? 0);
}

async function loadVersion(base: string, resource: Resource): Promise<Loaded> {
  const { resourceType: type, id } = resource;
  const isEvent = type === "AuditEvent" || type === "Provenance";
  const answer =
    id === undefined
      ? await askHapi(isEvent ? "POST" : "PUT", `${base}/${type}`, resource)
      : await askHapi("PUT", `${base}/${type}/${encodeURIComponent(id)}`, resource);
  const taken = answer.status === 200 || answer.status === 201;
  return {
    resource,
    status: answer.status,
    version: taken ? (answer.headers.get("content-location") ?? undefined) : undefined,
    refusal: taken ? undefined : reasonOf(answer),
  };
}

/** The innermost of HAPI's nested messages; its web server, which answers before HAPI sees a URL, gives none. */
function reasonOf({ body }: Answer): string {
  const [issue] = (body?.["issue"] ?? []) as { diagnostics?: string }[];
  return issue?.diagnostics?.split(/(?=HAPI-\d)/).at(-1) ?? "no reason";
}

/** How many resources were answered with each status. */
export function countByStatus(loaded: readonly Loaded[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(loaded, ({ status }) => status)).map(([status, all]) => [status, all?.length ?? 0]),
  );
}
