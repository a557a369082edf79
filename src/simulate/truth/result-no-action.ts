import type { Chart, Result } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import { DAY, MINUTE, type Instant } from "../london-time.ts";
import type { Person } from "../staff.ts";
import { diedBefore, earliest, type Expectation } from "./loop.ts";
import { calledOffAt, isVoid, resultEvents } from "./result-events.ts";
import { acknowledgements } from "./result-unacknowledged.ts";

export function resultNoAction(chart: Chart, now: Instant): Expectation[] {
  const deeds = listDeeds(chart, now);
  return chart.results.flatMap((result) => {
    const events = resultEvents(result, now);
    const acted = deeds.filter((deed) => isAbout(chart, deed, result, events[0]?.at ?? now, now)).map(({ at }) => at);
    return events.flatMap(({ activity, level, at }, index): Expectation[] => {
      if (activity === "result.preliminary" || (level !== "abnormal" && level !== "critical")) return [];
      return [
        {
          signal: "result-no-action",
          subject: result.key,
          opens: activity,
          openedAt: at,
          dueAt: at + (result.kind === "imaging" ? 28 : 30) * DAY,
          metAt: earliest(acted, at),
          cancelledAt: calledOffAt(result, events, index, now),
          diedAt: diedBefore(chart, now),
          isVoid: isVoid(result, now),
          because: `${result.title}, ${level}, was to lead to something`,
        },
      ];
    });
  });
}

interface Deed {
  readonly at: Instant;
  readonly by: Person;
  /** The report that it says it is about. */
  readonly names: Result | undefined;
  /** An order is no action on the report that answers it. */
  readonly key: string;
}

function listDeeds(chart: Chart, now: Instant): Deed[] {
  const orders = chart.orders.filter(({ ended }) => !(ended?.status === "entered-in-error" && ended.at < now));
  const tasks = chart.tasks.filter(
    (task) => task.about?.as !== "review" && !(task.ended?.status === "entered-in-error" && task.ended.at < now),
  );
  return [
    ...orders.map(({ at, by, because, key }) => ({ at, by, names: because, key })),
    ...chart.actions.map(({ at, by, because, key }) => ({ at, by, names: because, key })),
    ...chart.medicines.flatMap(({ at, by, key, ended }) =>
      by === undefined || (ended?.status === "entered-in-error" && ended.at < now) ? [] : [{ at, by, names: undefined, key }],
    ),
    ...tasks.flatMap(({ at, requester, about, key }) =>
      requester === "machine" ? [] : [{ at, by: requester, names: about?.result, key }],
    ),
    ...chart.calls.filter(({ isRecorded }) => isRecorded).map(({ at, by, result, key }) => ({ at, by, names: result, key })),
    ...chart.letters.flatMap(({ id, by, sent }) => (sent?.via === "message" ? [{ at: sent.at, by, names: undefined, key: id }] : [])),
    ...chart.operations.map(({ at, by, id }) => ({ at, by, names: undefined, key: id })),
    ...(dialectOf[chart.hospital.options.dialect].studies === "Procedure"
      ? chart.studies.map(({ at, by, id }) => ({ at, by, names: undefined, key: id }))
      : []),
  ].filter(({ at }) => at < now);
}

/** It names the report; or somebody did it who had seen the report by then, or saw it within five minutes. */
function isAbout(chart: Chart, deed: Deed, result: Result, issuedAt: Instant, now: Instant): boolean {
  if (deed.names !== undefined) return deed.names === result;
  if (deed.key === result.order?.key || deed.at < issuedAt) return false;
  const until = Math.min(now - 1, deed.at + 5 * MINUTE);
  const isSeen = chart.looks.some(
    (look) =>
      look.by.key === deed.by.key &&
      !look.failed &&
      look.at <= until &&
      (look.result === result || (look.of === "search" && look.at >= issuedAt)),
  );
  return isSeen || acknowledgements(result, now).some(({ at, by }) => by.key === deed.by.key && at <= until);
}
