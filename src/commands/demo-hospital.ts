import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SiteConfig } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { Instant } from "../domain/instant.ts";

const hospital = join(import.meta.dirname, "../../fixtures/hospital");
const minuteMs = 60_000;
/** Where the coverage of the files begins. */
const coveredFrom = Date.parse("2025-12-01T00:00:00Z");

interface Written {
  readonly name: string;
  readonly timeZone: string;
  /** When its last record was written. */
  readonly now: string;
}

/** A site of the invented hospital, with the FHIR server that it can be read from. */
export interface DemoSite {
  /** Of the hospital, for people. */
  readonly title: string;
  readonly config: SiteConfig;
  readonly since: Instant;
  readonly close: () => Promise<void>;
}

/** Serves every site of the fixture hospital over FHIR on this machine, moved in time so that its last minute is this one. */
export async function startDemoHospital(clock: () => Instant): Promise<DemoSite[]> {
  const sites = JSON.parse(readFileSync(join(hospital, "sites.json"), "utf8")) as Readonly<Record<string, Written>>;
  const start = Math.floor(clock() / minuteMs) * minuteMs;
  const { startFhirServer } = await import("../fhir-server/start-fhir-server.ts");
  return Promise.all(
    Object.entries(sites).map(async ([id, { name, timeZone, now }]): Promise<DemoSite> => {
      const shiftMs = start - Date.parse(now);
      const server = await startFhirServer({ folder: join(hospital, id), clock, shiftMs });
      const defaults = siteConfig({ dataFolder: "", sites: [] }, id);
      // Whatever this server holds can be found at once.
      const source = { name: "epr", url: server.url, lagMs: 0 };
      return {
        title: name,
        config: { ...defaults, timeZone, sources: [source] },
        since: coveredFrom + shiftMs,
        close: () => server.close(),
      };
    }),
  );
}
