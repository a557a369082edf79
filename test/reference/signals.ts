import type { Activity } from "../../src/domain/activity.ts";
import type { Instant } from "../../src/domain/instant.ts";
import type { Urgency } from "../../src/domain/verdict.ts";
import { acknowledgementsOf, communicationsOf } from "./acknowledgements.ts";
import { actionsOn, actionTypes, readActions } from "./actions.ts";
import { readAudits } from "./audits.ts";
import { cancellationsOfTask, completionsOfTask, dueOfOrder, dueOfTask, readTasks } from "./dues.ts";
import { isExempt } from "./exemption.ts";
import type { Timed } from "./judge.ts";
import { deathsOf, readOrders, resultsOf, revocationsOf } from "./orders.ts";
import { isEmergency, isImaging, readResults, type Result, type ResultEvent } from "./results.ts";
import { day, hour, instantAgainst, minute, type When } from "./times.ts";
import { readUrgency } from "./urgency.ts";
import { isVoided, type History } from "./versions.ts";
import { exists, type World } from "./world.ts";

/** A loop before it is judged. */
export interface OpenLoop {
  readonly signal: string;
  readonly subject: History;
  readonly opening: Activity;
  readonly o: Instant;
  /** One due for every urgency that could be; `undefined` where that urgency opens nothing. */
  readonly dues: readonly (Instant | undefined)[];
  readonly closings: readonly Timed[];
  readonly cancels: readonly Timed[];
  readonly voided: boolean;
}

export interface SignalRun {
  readonly signal: string;
  /** Every feed that could carry closing evidence. */
  readonly closingTypes: readonly string[];
  /** The feeds without any of which nothing could ever close. */
  readonly neededTypes: readonly string[];
  readonly loops: readonly OpenLoop[];
  /** Whether an event that would close some loop of this signal is held anywhere. */
  readonly seen: boolean;
}

export function runSignals(world: World): SignalRun[] {
  const audits = readAudits(world);
  const results = readResults(world);
  const acknowledged = byResult(results, (each) => acknowledgementsOf(world, audits, each));
  const communicated = byResult(results, (each) => communicationsOf(world, audits, each));
  const actions = readActions(world);
  const actioned = byResult(results, (each) => actionsOn(world, audits, each, results, actions));
  const evidence = { acknowledged, communicated };

  const acknowledgement = ["Task", "AuditEvent", "Provenance"];
  const unacknowledged: ResultSignal = {
    signal: "result-unacknowledged",
    opens: ["result.issued", "result.amended", "result.preliminary"],
    // "Normal: not opened, whatever the setting. Else the first row that matches."
    limit(result, event, urgency) {
      if (event.activity === "result.preliminary" && urgency !== "critical") return undefined;
      if (urgency === "normal") return undefined;
      if (urgency === "critical") return 2 * hour;
      return isEmergency(world, result.history, event.when.at) ? 48 * hour : 14 * day;
    },
    closes: (result) =>
      (acknowledged.get(result) ?? []).map((each) => ({ when: each.when, earlyMs: each.via === "task" ? 5 * minute : 0 })),
    isDeathCancelling: false,
  };
  const uncommunicated: ResultSignal = {
    signal: "critical-uncommunicated",
    opens: ["result.preliminary", "result.issued", "result.amended"],
    limit(result, event, urgency) {
      if (urgency !== "critical") return undefined;
      return isExempt(world, result, event, results, evidence) ? undefined : 2 * hour;
    },
    closes: (result) => [
      ...(communicated.get(result) ?? []).map(({ when }) => ({ when, earlyMs: hour })),
      ...(acknowledged.get(result) ?? []).map(({ when }) => ({ when, earlyMs: 0 })),
    ],
    isDeathCancelling: false,
  };
  const unactioned: ResultSignal = {
    signal: "result-no-action",
    opens: ["result.issued", "result.amended"],
    limit: (result, _event, urgency) =>
      urgency === "abnormal" || urgency === "critical" ? (isImaging(result.history) ? 28 : 30) * day : undefined,
    closes: (result) => (actioned.get(result) ?? []).map((when) => ({ when, earlyMs: 0 })),
    isDeathCancelling: true,
  };
  const some = (map: ReadonlyMap<Result, readonly unknown[]>) => [...map.values()].some((each) => each.length > 0);
  return [
    {
      signal: unacknowledged.signal,
      closingTypes: acknowledgement,
      neededTypes: acknowledgement,
      loops: openResults(world, unacknowledged, results),
      seen: some(acknowledged),
    },
    {
      signal: uncommunicated.signal,
      closingTypes: ["Communication", ...acknowledgement],
      neededTypes: ["Communication", ...acknowledgement],
      loops: openResults(world, uncommunicated, results),
      seen: some(communicated) || some(acknowledged),
    },
    {
      signal: unactioned.signal,
      closingTypes: [...actionTypes, "AuditEvent", "Provenance"],
      neededTypes: actionTypes,
      loops: openResults(world, unactioned, results),
      seen: some(actioned),
    },
    runOrders(world, results, audits),
    runTasks(world),
  ];
}

function byResult<T>(results: readonly Result[], read: (result: Result) => readonly T[]): Map<Result, readonly T[]> {
  return new Map(results.map((each) => [each, read(each)]));
}

interface ResultSignal {
  readonly signal: string;
  readonly opens: readonly ResultEvent["activity"][];
  /** How long there is, if that urgency opens a loop at all. */
  limit(result: Result, event: ResultEvent, urgency: Urgency): number | undefined;
  closes(result: Result): readonly { when: When; earlyMs: number }[];
  readonly isDeathCancelling: boolean;
}

function openResults(world: World, signal: ResultSignal, results: readonly Result[]): OpenLoop[] {
  return results.flatMap((result) => {
    const loops: OpenLoop[] = [];
    const events = result.events.filter((each) => exists(world, each.when));
    for (const [index, event] of events.entries()) {
      if (!signal.opens.includes(event.activity)) continue;
      const o = event.when.at;
      const dues = readUrgency(world, result, event).possible.map((urgency) => {
        const within = signal.limit(result, event, urgency);
        return within === undefined ? undefined : o + within;
      });
      if (dues.every((due) => due === undefined)) continue;
      const isFirst = loops.length === 0; // "for a subject's first opening only"
      const newer = events[index + 1]; // "a newer version of the opening event … cancels the older one"
      const deaths = signal.isDeathCancelling ? deathsOf(world, result.history) : [];
      loops.push({
        signal: signal.signal,
        subject: result.history,
        opening: event.activity,
        o,
        dues,
        closings: timedAgainst(world, signal.closes(result), o, isFirst),
        cancels: [
          ...timedAgainst(
            world,
            [...(newer === undefined ? [] : [newer.when]), ...result.withdrawals].map((when) => ({ when, earlyMs: 0 })),
            o,
            false,
          ),
          ...timedDeaths(world, deaths),
        ],
        voided: isVoided(result.history),
      });
    }
    return loops;
  });
}

function timedAgainst(world: World, events: readonly { when: When; earlyMs: number }[], o: Instant, isFirst: boolean): Timed[] {
  return events
    .filter((each) => exists(world, each.when))
    .flatMap(({ when, earlyMs }) => {
      const at = instantAgainst(when, o, isFirst ? earlyMs : 0);
      return at === undefined ? [] : [{ at, bound: when.bound }];
    });
}

/** "A death cancels from any time before due": also from before the opening, and before the retention line. */
function timedDeaths(world: World, deaths: readonly When[]): Timed[] {
  return deaths.filter((each) => each.at <= world.now).map(({ at, bound }) => ({ at, bound }));
}

function runOrders(world: World, results: readonly Result[], audits: ReturnType<typeof readAudits>): SignalRun {
  const orders = readOrders(world);
  const resulted = orders.map((order) => resultsOf(world, order, results).filter((each) => exists(world, each)));
  const loops = orders.flatMap((order, index): OpenLoop[] => {
    const { history, placed } = order;
    if (!exists(world, placed)) return [];
    const none = (whens: readonly When[]) => whens.map((when) => ({ when, earlyMs: 0 }));
    return [
      {
        signal: "order-unresulted",
        subject: history,
        opening: "order.placed",
        o: placed.at,
        dues: [dueOfOrder(world, order)],
        closings: timedAgainst(world, none(resulted[index] ?? []), placed.at, false),
        cancels: [
          ...timedAgainst(world, none(revocationsOf(audits, order)), placed.at, false),
          ...timedDeaths(world, deathsOf(world, history)),
        ],
        voided: isVoided(history),
      },
    ];
  });
  const seen = resulted.some((each) => each.length > 0);
  return { signal: "order-unresulted", closingTypes: ["DiagnosticReport"], neededTypes: ["DiagnosticReport"], loops, seen };
}

function runTasks(world: World): SignalRun {
  const tasks = readTasks(world);
  const loops = tasks
    .filter((task) => exists(world, task.requested))
    .map((task): OpenLoop => {
      const none = (whens: readonly When[]) => whens.map((when) => ({ when, earlyMs: 0 }));
      return {
        signal: "task-overdue",
        subject: task.history,
        opening: "task.requested",
        o: task.requested.at,
        dues: [dueOfTask(world, task)],
        closings: timedAgainst(world, none(completionsOfTask(world, task)), task.requested.at, false),
        cancels: timedAgainst(world, none(cancellationsOfTask(world, task)), task.requested.at, false),
        voided: isVoided(task.history),
      };
    });
  const seen = tasks.some((task) => !isVoided(task.history) && completionsOfTask(world, task).some((each) => exists(world, each)));
  return { signal: "task-overdue", closingTypes: ["Task"], neededTypes: ["Task"], loops, seen };
}
