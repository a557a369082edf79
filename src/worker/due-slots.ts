import type { Config } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import { lastSlot, slotsBetween } from "../domain/schedule.ts";
import { addSlots, listLatestSlots, type Slot } from "../store/due-run.ts";
import type { Db } from "../store/db.ts";
import { getSite } from "../store/site.ts";
import type { ScanProcess } from "./scan.ts";

/**
 * Writes the slots that have come since the latest that is written, of every site that is configured or held. A site that
 * never had one begins with the last that went by, so that it is scanned at once.
 */
export async function addDueSlots(db: Db, config: Config, process: ScanProcess): Promise<void> {
  const latest = await listLatestSlots(db);
  const isNew = (name: string): boolean => !latest.some(({ site }) => site === name);
  const missing = config.sites.filter(({ name }) => isNew(name));
  if (missing.length > 0) {
    for (const { name } of missing) await getSite(db, name);
    return addDueSlots(db, config, process);
  }
  const now = process.clock();
  const slots = latest.flatMap(({ siteId, site, kind, dueAt }): Slot[] => {
    const { schedule, timeZone } = siteConfig(config, site);
    const cron = schedule[kind];
    if (cron === "off") return [];
    const come = dueAt === undefined ? [lastSlot(cron, timeZone, now)] : slotsBetween(cron, timeZone, dueAt, now);
    return come.map((each) => ({ id: process.makeId(), siteId, kind, dueAt: each }));
  });
  await addSlots(db, slots);
}
