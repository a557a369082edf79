import type { QuarantineFilter } from "../store/quarantine-page.ts";
import { unreadableType } from "../store/quarantine-page.ts";
import { showKey } from "../store/quarantine-key.ts";
import type { Quarantined, QuarantineCount, QuarantinedWhole } from "../store/quarantine.ts";
import { showTime, type ShownTime } from "./show-time.ts";

/** Why, in words, by the code that programs read. */
const reasons: Readonly<Record<string, string>> = {
  "not-fhir": "No FHIR resource",
  "no-id": "It has no id",
  "no-time": "Nothing says when it happened",
  dstu2: "FHIR DSTU2, which is not read",
  "too-deep": "Nested deeper than any FHIR resource",
  "not-json": "Not JSON",
  truncated: "The file ends in the middle of it",
  "not-utf8": "Not in UTF-8",
  "not-a-resource": "No resource where one belongs",
  "too-large": "Larger than any resource",
  "damaged-gzip": "The file is damaged",
  "left-out": "The server says what it left out of its export",
  "not-a-deletion": "No deletion where one belongs",
};

export interface QuarantineCountView {
  readonly site: string;
  readonly why: string;
  readonly type: string;
  readonly count: number;
  /** The list with only these. */
  readonly href: string;
}

export function viewCount({ site, code, type, count }: QuarantineCount): QuarantineCountView {
  const query = new URLSearchParams({ site, code, type: type ?? unreadableType });
  return { site, why: reasons[code] ?? code, type: type ?? "cannot be told", count, href: `/quarantine?${query.toString()}` };
}

export interface QuarantinedView {
  readonly key: string;
  readonly href: string;
  readonly site: string;
  readonly source: string;
  readonly type: string;
  readonly why: string;
  readonly reason: string;
  readonly place: string;
  readonly since: ShownTime | undefined;
}

export function viewQuarantined(row: Quarantined, timeZone: string): QuarantinedView {
  const key = showKey(row.key);
  return {
    key,
    href: `/quarantine/${key}`,
    site: row.site,
    source: row.source,
    type: row.type ?? "cannot be told",
    why: reasons[row.code] ?? row.code,
    reason: row.reason,
    place: `${row.file}, line or entry ${row.line}`,
    since: row.since === undefined ? undefined : showTime(row.since, timeZone),
  };
}

/** As it was read; JSON laid out. */
export function layOut({ body }: Pick<QuarantinedWhole, "body">): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** What the list is narrowed to, a word each. */
export function viewFilter({ sites = [], codes = [], types = [] }: QuarantineFilter): readonly string[] {
  return [...sites, ...codes.map((code) => reasons[code] ?? code), ...types];
}
