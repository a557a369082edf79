import { expect } from "vitest";
import { faultTable } from "../../src/fhir-server/faults/fault-table.ts";
import { noFaults, planFaults, type FaultPlan } from "../../src/fhir-server/faults/plan-faults.ts";
import type { Instant } from "../../src/domain/instant.ts";
import type { ScratchPlace } from "../db/scratch-database.ts";
import type { Dice } from "../hospital/dice.ts";
import { startDisturbingProxy, type DisturbingProxy } from "../worker/disturbing-proxy.ts";
import type { PullEnd, FaultyOrders, PullWord } from "./faulty-child.ts";
import { startPullRunner } from "./pull-runner.ts";
import { count, printTally, type Tally } from "./tally.ts";

/** Scans in processes of their own, of whatever stands behind the proxy. */
export interface FaultyScans {
  readonly proxy: DisturbingProxy;
  /** One that faults befall by seed and round, and that may be killed in its middle. */
  disturbed(scan: FaultyScan, by: { readonly seed: number; readonly round: number }, dice: Dice): Promise<void>;
  /** One that nothing befalls, and all that is held after it. */
  clean(scan: FaultyScan): Promise<PullEnd>;
  /** Prints what really happened, and returns what never did. */
  printTally(title: string): string[];
  close(): Promise<void>;
}

export interface FaultyScan {
  readonly place: ScratchPlace;
  readonly site: string;
  /** Where our clock stands. */
  readonly clockAt: Instant;
  readonly scan: Omit<NonNullable<FaultyOrders["scan"]>, "url" | "site">;
}

const [killedAsking, killedWriting] = ["killed while it asked", "killed while it wrote"] as const;

/** `timeoutMs`: how long a disturbed scan waits for each answer, which stalls are waited for in vain. */
export async function openFaultyScans(timeoutMs = 250): Promise<FaultyScans> {
  const runner = startPullRunner();
  let onQuestion = (): void => {};
  const proxy = await startDisturbingProxy(() => onQuestion());
  const counted = [killedAsking, killedWriting, "left alone", "all given", "part given", "nothing given"];
  const tally: Tally = new Map(counted.map((name) => [name, 0]));

  async function disturbed(scan: FaultyScan, { seed, round }: { seed: number; round: number }, dice: Dice): Promise<void> {
    const plan = planFaults({ seed, round, share: dice.pick([0.04, 0.08, 0.12]) });
    proxy.front.follow(dice.chance(0.3) ? goneFrom(dice.pick([0, 0, 20, 50]), plan) : plan);
    const kill = dice.pick([undefined, undefined, killedAsking, killedWriting]);
    const last = dice.int(1, 80);
    const dieAt = dice.int(1, 600);
    let asked = 0;
    onQuestion = () => {
      asked += 1;
      if (kill === killedAsking && asked === last) runner.kill();
    };
    const word = await runner.obey({ ...ordersOf(scan), timeoutMs, ...(kill === killedWriting && { dieAt }) });
    onQuestion = () => {};
    count(tally, word === undefined ? String(kill) : "left alone");
    if (word) count(tally, isRefused(word) ? "nothing given" : word.ended);
  }

  async function clean(scan: FaultyScan): Promise<PullEnd> {
    proxy.front.follow(noFaults);
    expect((await runner.obey(ordersOf(scan)))?.ended).toBe("all given");
    const { scan: _, ...orders } = ordersOf(scan);
    const end = (await runner.obey(orders))?.end;
    if (end === undefined) throw new Error("Nothing was read of what is held.");
    return end;
  }

  function ordersOf({ place, site, clockAt, scan }: FaultyScan): FaultyOrders {
    const { databaseUrl, dataDir } = place;
    const told = { ...scan, url: proxy.url, site };
    return { databaseUrl, dataDir, site, clockAt, scan: told };
  }

  return {
    proxy,
    disturbed,
    clean,
    printTally(title) {
      for (const { name } of faultTable) count(tally, name, proxy.front.happened.get(name) ?? 0);
      return printTally(title, tally);
    },
    async close() {
      await runner.close();
      await proxy.close();
    },
  };
}

/** From this question on nobody answers any more. */
function goneFrom(number: number, plan: FaultPlan): FaultPlan {
  const reset = faultTable.filter(({ name }) => name === "reset");
  let asked = 0;
  return { ...plan, choose: (question) => ((asked += 1) > number ? reset : plan.choose(question)) };
}

function isRefused({ ended }: PullWord): boolean {
  return ended.startsWith("source-");
}
