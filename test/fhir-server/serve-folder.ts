import { onTestFinished } from "vitest";
import { startFhirServer, type FhirServer, type FhirServerOptions } from "../../src/fhir-server/start-fhir-server.ts";
import { makeFolder } from "../fhir/make-folder.ts";

export const serverTime = Date.parse("2026-03-16T09:00:00Z");

export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: { readonly versionId?: string; readonly lastUpdated?: string };
  readonly [element: string]: unknown;
}

/** What a search or a history answers, or an OperationOutcome. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly total?: number;
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly resource?: Resource;
    readonly request?: { readonly method: string; readonly url: string };
    readonly response?: { readonly status: string; readonly etag: string; readonly lastModified: string };
  }[];
  readonly issue?: readonly { readonly code: string; readonly diagnostics: string }[];
}

/** A server for the length of one test, over a folder or over these files. */
export async function serveFolder(
  folder: string | Readonly<Record<string, string | Uint8Array>>,
  options: Partial<FhirServerOptions> = {},
): Promise<FhirServer> {
  const server = await startFhirServer({
    folder: typeof folder === "string" ? folder : makeFolder(folder),
    clock: () => serverTime,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

export function fixtureSite(site: "north" | "south" | "west"): string {
  return new URL(`../../fixtures/hospital/${site}`, import.meta.url).pathname;
}

/** Of a URL, or a path under the base. */
export async function ask(server: FhirServer, path: string): Promise<Answer> {
  const response = await fetch(path.startsWith("http") ? path : `${server.url}/${path}`);
  return { ...((await response.json()) as Answer), status: response.status };
}

/** Every page of a search or a history, following `next`. */
export async function askAll(server: FhirServer, path: string): Promise<Answer[]> {
  const pages = [await ask(server, path)];
  for (let next = nextOf(pages[0]!); next !== undefined; next = nextOf(pages.at(-1)!)) pages.push(await ask(server, next));
  return pages;
}

export function nextOf({ link }: Answer): string | undefined {
  return link?.find(({ relation }) => relation === "next")?.url;
}

export function resourcesOf(...pages: readonly Answer[]): Resource[] {
  return pages.flatMap(({ entry = [] }) => entry.flatMap(({ resource }) => resource ?? []));
}

export function idsOf(...pages: readonly Answer[]): (string | undefined)[] {
  return resourcesOf(...pages).map(({ id }) => id);
}

/** NDJSON. */
export function lines(...resources: readonly object[]): string {
  return resources.map((each) => `${JSON.stringify(each)}\n`).join("");
}

export function task(id: string, lastUpdated: string, rest: object = {}): Resource {
  return { resourceType: "Task", id, meta: { versionId: "1", lastUpdated }, ...rest };
}
