import { randomUUID } from "node:crypto";
import type { SiteConfig } from "../../src/config/config.ts";
import { connect, type Connection } from "../../src/db/connect.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { askForRun, listSitesDue } from "../../src/store/due-run.ts";
import { getSite } from "../../src/store/site.ts";
import type { SettledRun } from "../../src/worker/settle-due-runs.ts";
import type { ScratchPlace } from "../db/scratch-database.ts";
import type { Dice } from "../hospital/dice.ts";
import { countStatements } from "../property/count-statements.ts";
import { look } from "./make-scheduler.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;

export interface Week {
  readonly place: ScratchPlace;
  /** Open, whatever happens to the processes. */
  readonly connection: Connection;
  readonly sites: readonly SiteConfig[];
  readonly start: Instant;
  readonly dice: Dice;
}

export interface WeekPassed {
  /** When the last look was taken. */
  readonly end: Instant;
  readonly settled: readonly SettledRun[];
  /** Ids of the runs that people asked for. */
  readonly asked: readonly string[];
  readonly deaths: number;
}

/** Lets a week pass in which processes look for what is due, are stopped and killed at any statement, and start again. */
export async function passWeek({ place, connection, sites, start, dice }: Week): Promise<WeekPassed> {
  // The embedded database belongs to one process; it may look several times at once all the same.
  const workers = await Promise.all(Array.from({ length: connection.kind === "postgres" ? 3 : 1 }, () => startWorker(place, connection)));
  const settled: SettledRun[] = [];
  const asked: string[] = [];
  let now = start;
  let deaths = 0;
  const clock = (): Instant => (now += 1);
  // Now and then a run takes long, so that its site's next slot comes meanwhile.
  const unevenClock = (): Instant => (now += dice.chance(0.03) ? dice.int(minuteMs, 40 * minuteMs) : 1);

  await look(connection, sites, clock, settled);
  while (now < start + 7 * dayMs) {
    now += passingMs(dice);
    if (dice.chance(0.15)) asked.push(await ask(connection, dice.pick(sites), now, dice));
    const looks = workers.flatMap((worker) => {
      if (dice.chance(0.4)) worker.dieAt(dice.int(1, 60));
      return Array.from({ length: dice.int(0, 2) }, () => look(worker.connection(), sites, unevenClock, settled));
    });
    const ends = await Promise.allSettled(looks);
    for (const end of ends) if (end.status === "rejected" && !(end.reason instanceof Death)) throw end.reason;
    for (const worker of workers) if (await worker.revive()) deaths += 1;
  }
  now += minuteMs;
  // More than once where a dead process has not let go of its site yet.
  for (let looks = 0; looks < 50 && (await listSitesDue(connection.db, now)).length > 0; looks++)
    await look(connection, sites, clock, settled);
  const end = now;
  await look(connection, sites, () => end, settled);
  for (const worker of workers) await worker.stop();
  return { end, settled, asked, deaths };
}

function passingMs(dice: Dice): number {
  const passing = {
    seconds: () => dice.int(1, 59) * secondMs,
    minutes: () => dice.int(5, 59) * minuteMs,
    hours: () => dice.int(60, 180) * minuteMs,
    night: () => dice.int(4 * 60, 30 * 60) * minuteMs,
  };
  return passing[dice.weigh({ seconds: 10, minutes: 25, hours: 10, night: 1 })]();
}

async function ask({ db }: Connection, site: SiteConfig, at: Instant, dice: Dice): Promise<string> {
  const { siteId } = await getSite(db, site.name);
  return (await askForRun(db, { siteId, kind: dice.pick(["increment", "reconcile"]), at, by: "dr", id: randomUUID() })).id;
}

class Death extends Error {}

interface Worker {
  readonly connection: () => Connection;
  /** Lets it die when it sends its nth statement from now on. */
  readonly dieAt: (statement: number) => void;
  /** A new process in place of the dead; whether it had died. */
  readonly revive: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

async function startWorker(place: ScratchPlace, shared: Connection): Promise<Worker> {
  const open = (): Promise<Connection> => (shared.kind === "postgres" ? connect(place) : Promise.resolve(shared));
  const close = async (connection: Connection): Promise<void> => {
    if (connection !== shared) await connection.close();
  };
  let left = Infinity;
  let isDead = false;
  const mortal = (connection: Connection): Connection =>
    countStatements(connection, () => {
      left -= 1;
      isDead ||= left <= 0;
      if (isDead) throw new Death();
    });
  let real = await open();
  let current = mortal(real);
  return {
    connection: () => current,
    dieAt: (statement) => (left = statement),
    revive: async () => {
      left = Infinity;
      if (!isDead) return false;
      await close(real);
      isDead = false;
      real = await open();
      current = mortal(real);
      return true;
    },
    stop: () => close(real),
  };
}
