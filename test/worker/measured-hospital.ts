import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";

export const dayMs = 86_400_000;
export const north = siteConfig(loadConfig({ env: {} }), "north");
/** Over the night in which the clocks go forward. */
export const first = Date.parse("2026-03-02T00:00:00Z");
const days = 33;
export const end = first + days * dayMs;
export const aDay = 10;
const series = readSeriesCatalogue()
  .map(({ signal }) => signal)
  .filter(({ series: { number } }) => number.what !== "records");
/** As in the catalogue, but that few are enough, and history short, so that a small hospital will do. */
export const smallSeries = series.map((signal) => ({
  ...signal,
  series: { ...signal.series, fewest: 3, needs: signal.series.per === "week" ? 2 : 5 },
}));

/** What its pages show is judged by the catalogue: a hospital of twice the size, and a day that was not read. */
export async function scanForPages(connection: Connection): Promise<void> {
  const part = { resources: drawResults(2 * aDay + 1, days - 2), until: end, gap: [first + 5 * dayMs, first + 6 * dayMs] as const };
  await scanMeasured(connection, end, part, { series });
}

interface Drawn {
  readonly id: string;
  readonly at: number;
  readonly value?: number;
  readonly unit?: string;
  readonly patient?: number;
  readonly version?: number;
  readonly status?: string;
}

const observed = ({ id, at, value, unit = "mmol/L", patient = 1, version = 1, status = "final" }: Drawn): object => ({
  resourceType: "Observation",
  id,
  meta: { versionId: String(version), lastUpdated: new Date(at + version * 3_600_000).toISOString() },
  status,
  category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }],
  code: { coding: [{ system: "http://loinc.org", code: "2823-3" }] },
  subject: { reference: `Patient/p${String(patient)}` },
  effectiveDateTime: new Date(at).toISOString(),
  ...(value !== undefined && { valueQuantity: { value, unit, system: "http://unitsofmeasure.org", code: unit } }),
});

/** So many a day, of which the means go up and down; one day far off, one with values lost, one in which everything came twice. */
export function drawResults(aDay: number, oddDay = 25): object[] {
  return Array.from({ length: days * aDay }, (_, index): object[] => {
    const [day, nth] = [Math.floor(index / aDay), index % aDay];
    const at = first + day * dayMs + nth * Math.floor((20 * 3_600_000) / aDay) + 1_800_000;
    const own = { id: `o${String(index)}`, at, patient: nth, value: 4.2 + 0.1 * (day % 2) + (day === oddDay ? 2 : 0) };
    if (day === 27 && nth < 8) return [observed({ id: own.id, at, patient: nth })];
    if (day === 28) return [observed(own), observed({ ...own, id: `${own.id}-again` })];
    return [observed(nth === 5 && day % 3 === 0 ? { ...own, unit: "U/L" } : own)];
  }).flat();
}

interface Part {
  readonly resources?: readonly object[];
  readonly until?: number;
  /** Not read, half-open. */
  readonly gap?: readonly [number, number];
}

/** Takes this in and judges: what is covered goes to `until`, as folders of one source add up. */
export async function scanMeasured(
  connection: Connection,
  now: number,
  { resources = [], until, gap }: Part = {},
  more: Partial<ScanOptions> = {},
): Promise<void> {
  const iso = (at: number): string => new Date(at).toISOString();
  const covered =
    until === undefined
      ? []
      : gap
        ? [
            [first, gap[0]],
            [gap[1], until],
          ]
        : [[first, until]];
  // Also in a hook, where no test is there to clean up after.
  const folder = mkdtempSync(join(tmpdir(), "followthrough-"));
  writeFileSync(join(folder, "records.ndjson"), resources.map((resource) => `${JSON.stringify(resource)}\n`).join(""));
  const intervals = covered.map(([from = 0, to = 0]) => [iso(from), iso(to)]);
  writeFileSync(join(folder, "coverage.json"), JSON.stringify({ Observation: intervals }));
  const sources = more.sources ?? [{ name: "folder", folder }];
  try {
    await scanSite(
      connection,
      { config: north, sources, signals: [], series: smallSeries, now, ...more },
      { clock: () => Date.parse("2027-01-01T00:00:00Z"), makeId: randomUUID, random: () => 0 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
