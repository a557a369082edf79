import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SiteConfig } from "../../src/config/config.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import type { Delivery } from "../hospital/delivery.ts";
import type { Hospital } from "../hospital/hospital.ts";
import { defaultSignals } from "../signals/default-signals.ts";

/** Every hospital is scanned into this site; its zone is the hospital's. */
export const site = "default";
/** Those that the reference knows. */
const signals = defaultSignals;
/** Later than everything that a hospital holds: a process's clock decides nothing here. */
const clock = (): Instant => Date.parse("2027-01-01T00:00:00Z");

/** Writes deliveries to folders of their own for as long as `work` takes. */
export async function withFolders<T>(deliveries: readonly Delivery[], work: (folders: string[]) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "followthrough-hospital-"));
  try {
    return await work(await Promise.all(deliveries.map((delivery, place) => writeDelivery(join(root, String(place)), delivery))));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function writeDelivery(folder: string, { files, coverage }: Delivery): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, "coverage.json"), JSON.stringify(coverage));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export interface HospitalScan {
  readonly hospital: Pick<Hospital, "timeZone">;
  /** Read first, in this order, as one source; none: what is held is judged. */
  readonly folders: readonly string[];
  readonly now: Instant;
  readonly rebuild?: ScanOptions["rebuild"];
  /** What the site's configuration says otherwise. */
  readonly change?: Partial<SiteConfig>;
  /** Told after each batch of patients that was judged. */
  readonly onJudging?: () => void;
  /** Told before and after each batch of what is normalised anew. */
  readonly onNormalising?: () => void;
}

/** One scan of a hospital by the engine itself, as the command line would run it. */
export async function scanHospital(
  connection: Connection,
  { hospital, folders, now, rebuild, change, onJudging, onNormalising }: HospitalScan,
): Promise<ScanSummary> {
  const config = { ...siteConfig(loadConfig({ env: {} }), site), timeZone: hospital.timeZone, ...change };
  const sources = folders.map((folder) => ({ name: "folder", folder }));
  const progress = {
    normalising: () => onNormalising?.(),
    reading: () => undefined,
    windowRead: () => undefined,
    relating: () => undefined,
    judging: () => onJudging?.(),
  };
  return scanSite(
    connection,
    { config, sources, signals, now, progress, ...(rebuild && { rebuild }) },
    { clock, makeId: randomUUID, random: () => 0 },
  );
}

/** The instants of a hospital's successive scans. */
export function instantsOf(hospital: Hospital): Instant[] {
  return hospital.nows.map((now) => Date.parse(now));
}
