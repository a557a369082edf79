import { drawFrom, type Draw } from "./draw.ts";
import type { Fault, Question } from "./fault.ts";
import { faultTable } from "./fault-table.ts";

export interface FaultOptions {
  /** The same seed does the same to the same questions, in whatever order they are asked. */
  readonly seed: number;
  /** What befalls questions at times befalls others in another round; how the server is stays. */
  readonly round?: number;
  /** The share of questions that something befalls at times. */
  readonly share?: number;
  /** These faults alone, by name. */
  readonly only?: readonly string[];
}

/** What befalls which question. */
export interface FaultPlan {
  readonly ofSeed: Draw;
  /** In the order in which they take effect. */
  readonly choose: (question: Question) => readonly Fault[];
}

/** What a server does always, it does to most questions and not to all: caches and other instances answer too. */
const shareOfAlways = 0.8;

/**
 * Some of what servers do always, and now and then something that befalls a question once, twice or as long as it is asked.
 * @throws Error where a name is no fault's
 */
export function planFaults({ seed, round = 0, share = 0.06, only }: FaultOptions): FaultPlan {
  const unknown = only?.find((name) => !faultTable.some((fault) => fault.name === name));
  if (unknown !== undefined) throw new Error(`There is no fault ${unknown}. There are: ${faultTable.map(({ name }) => name).join(", ")}.`);
  const possible = faultTable.filter(({ name }) => only?.includes(name) ?? true);
  const ofSeed = drawFrom(seed);
  const always = possible
    .filter(({ lasts }) => lasts === "always")
    // By fives as well as by chance: so any five seeds one after another know every fault.
    .filter(({ name }, place) => only !== undefined || (place + seed) % 5 === 0 || ofSeed(`always ${name}`) < 0.2);
  const atTimes = possible.filter(({ lasts }) => lasts === "at-times");
  // The same for these, in three rounds of any five seeds.
  const favoured = atTimes[(seed * 3 + round) % atTimes.length];

  function chooseOne(question: Question): Fault | undefined {
    const drawn = (what: string): number => ofSeed(`${what} ${round} ${question.page} ${question.first}`);
    if (drawn("befalls") >= share) return undefined;
    const all = atTimes.filter((fault) => fault.befalls(question));
    // There are few later pages, and much of what goes wrong with them goes wrong nowhere else.
    const ofLaterPages = all.filter((fault) => !fault.befalls({ ...question, page: 1 }));
    const fitting = ofLaterPages.length > 0 && drawn("later") < 0.5 ? ofLaterPages : all;
    const any = fitting[Math.floor(drawn("which") * fitting.length)];
    const fault = favoured && fitting.includes(favoured) && drawn("favour") < 0.5 ? favoured : any;
    const patience = drawn("times");
    const times = patience < 0.5 ? 1 : patience < 0.8 ? 2 : Infinity;
    return question.time <= times ? fault : undefined;
  }

  return {
    ofSeed,
    choose(question) {
      const drawn = (name: string): number => ofSeed(`${name} ${round} ${question.page} ${question.first}`);
      const chosen = new Set<Fault | undefined>([
        ...always.filter((fault) => fault.befalls(question) && drawn(fault.name) < shareOfAlways),
        chooseOne(question),
      ]);
      return possible.filter((fault) => chosen.has(fault));
    },
  };
}

/** Nothing befalls anything. */
export const noFaults: FaultPlan = { ofSeed: drawFrom(0), choose: () => [] };
