import { setTimeout as sleepFor } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { Connection } from "../db/connect.ts";
import type { Instant } from "../domain/instant.ts";
import type { Examinations } from "../insight/examinations.ts";
import type { SourceExamination } from "../insight/examine-source.ts";
import type { SiteHealth } from "../insight/site-health.ts";
import { listRuns } from "../store/run.ts";
import { findSite } from "../store/site.ts";
import { examineSite } from "./examine-site.ts";
import { examineSources } from "./examine-sources.ts";

interface Parts {
  readonly clock: () => Instant;
  readonly random: () => number;
  /** Hears of what went wrong behind a page that had stopped waiting. */
  readonly log: (text: string) => void;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** How long a page waits, in milliseconds: for the database; for servers that somebody asked to be asked. */
const heldMs = 5_000;
const askedMs = 20_000;

/** Examinations as the web pages show them, kept for as long as the process lives: of what is held one for each run. */
export function makeExaminations(
  connection: Pick<Connection, "db">,
  config: Config,
  { clock, random, log, sleep = sleepFor }: Parts,
): Examinations {
  const held = new Map<string, { run: string; health: Promise<SiteHealth> }>();
  const asked = new Map<string, readonly SourceExamination[]>();
  const asking = new Map<string, Promise<void>>();

  async function examineHeld(name: string): Promise<SiteHealth | "later" | "nothing"> {
    const site = await findSite(connection.db, name);
    if (!site) return "nothing";
    const [last] = await listRuns(connection.db, site.siteId, 1);
    const run = `${last?.id ?? ""} ${last?.state ?? ""}`;
    const known = held.get(name);
    const health = known?.run === run ? known.health : examineSite(connection, config, site, clock());
    held.set(name, { run, health });
    health.catch(() => held.delete(name));
    return Promise.race([health, sleep(heldMs).then(() => "later" as const)]);
  }

  async function askSources(name: string): Promise<void> {
    const ofSite = siteConfig(config, name);
    try {
      asked.set(name, await examineSources(ofSite, ofSite.sources, { clock, random }));
    } catch (error) {
      log(`The sources of ${name} could not be examined (${error instanceof Error ? error.name : "unknown"}).`);
    } finally {
      asking.delete(name);
    }
  }

  return {
    held: examineHeld,
    asked: (name) => asked.get(name),
    isAsking: (name) => asking.has(name),
    ask: async (name) => {
      const work = asking.get(name) ?? askSources(name);
      asking.set(name, work);
      await Promise.race([work, sleep(askedMs)]);
    },
  };
}
