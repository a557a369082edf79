import { versionsOn, type Page } from "./pages.ts";
import { toIso } from "./time-range.ts";
import type { Version } from "./version.ts";

export interface Links {
  readonly self: string;
  readonly next: string | undefined;
}

/** A page as a Bundle; the resources go into it as they are held, without being parsed and written again. */
export function writeBundle(page: Page, base: string, links: Links): string {
  const { kind, versions } = page.result;
  const writeEntry = kind === "history" ? historyEntry : matchEntry;
  const entries = versionsOn(page).map((version) => writeEntry(version, base));
  const head = JSON.stringify({
    resourceType: "Bundle",
    type: kind,
    total: versions.length,
    link: Object.entries(links).flatMap(([relation, url]: [string, string | undefined]) => (url === undefined ? [] : [{ relation, url }])),
  });
  // FHIR allows no empty list.
  return entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(",")}]}`;
}

/** Answers `_summary=count`. */
export function writeCount(total: number, self: string): string {
  return JSON.stringify({ resourceType: "Bundle", type: "searchset", total, link: [{ relation: "self", url: self }] });
}

function matchEntry(version: Version, base: string): string {
  return `{"fullUrl":"${base}/${version.type}/${version.id}","resource":${version.body},"search":{"mode":"match"}}`;
}

function historyEntry(version: Version, base: string): string {
  const { type, id, deleted } = version;
  const resource = deleted ? "" : `"resource":${version.body},`;
  const request = JSON.stringify({ method: deleted ? "DELETE" : "PUT", url: `${type}/${id}` });
  const status = deleted ? "204 No Content" : version.versionId === "1" ? "201 Created" : "200 OK";
  const response = JSON.stringify({ status, etag: etagOf(version), lastModified: toIso(version.lastUpdated) });
  return `{"fullUrl":"${base}/${type}/${id}",${resource}"request":${request},"response":${response}}`;
}

export function etagOf(version: Version): string {
  return `W/"${version.versionId}"`;
}
