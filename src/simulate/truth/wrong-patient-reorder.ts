import type { Chart } from "../chart.ts";
import { dialectOf } from "../dialect.ts";
import { MINUTE, type Instant } from "../london-time.ts";
import { isOrderVoid, tellOccurrence, type TruthLoop } from "./loop.ts";

/** An order that whoever placed it took back within ten minutes. */
interface Retraction {
  readonly patient: string;
  readonly order: string;
  readonly title: string;
  readonly at: Instant;
  readonly endedAt: Instant;
  isReordered: boolean;
}

const within = 10 * MINUTE;

/**
 * What happens to two patients is seen by looking twice: once for the orders that were taken back at once, which are few, and are
 * all that is kept of a patient; then for the same order by the same person for another patient.
 */
export function watchReorders(
  charts: Iterable<Chart>,
  now: Instant,
): { readonly see: (chart: Chart) => void; readonly tell: () => TruthLoop[] } {
  const retractions = new Map<string, Retraction[]>();
  for (const chart of charts) {
    for (const { key, by, code, title, at, ended } of listOrders(chart, now)) {
      if (ended === undefined || ended.at > at + within || ended.by !== by) continue;
      const name = `${by} ${code}`;
      const retraction = { patient: chart.patient.key, order: key, title, at, endedAt: ended.at, isReordered: false };
      retractions.set(name, [...(retractions.get(name) ?? []), retraction]);
    }
  }
  return {
    see(chart) {
      for (const { by, code, at, isVoid } of listOrders(chart, now))
        for (const retraction of isVoid ? [] : (retractions.get(`${by} ${code}`) ?? []))
          if (retraction.patient !== chart.patient.key && at >= retraction.endedAt && at <= retraction.endedAt + within)
            retraction.isReordered = true;
    },
    tell: () =>
      [...retractions.values()]
        .flat()
        .filter(({ isReordered }) => isReordered)
        .map(({ patient, order, title, at }) =>
          tellOccurrence(
            {
              signal: "wrong-patient-reorder",
              subject: order,
              opens: "order.placed",
              openedAt: at,
              because: `${title} was ordered, taken back at once, and ordered for another patient by the same person`,
            },
            patient,
            now,
          ),
        ),
  };
}

interface Placed {
  readonly key: string;
  readonly title: string;
  readonly code: string;
  readonly by: string;
  readonly at: Instant;
  readonly isVoid: boolean;
  readonly ended: { readonly at: Instant; readonly by: string } | undefined;
}

/** Tests, referrals and prescriptions by a person; taken back by the requester, unless an audit trail says who did it. */
function listOrders(chart: Chart, now: Instant): Placed[] {
  const isAudited = dialectOf[chart.hospital.options.dialect].audit !== "none";
  const orders = chart.orders.map((order): Placed => {
    const { key, title, code, at, by, ended } = order;
    const isBack = ended !== undefined && ended.status !== "completed" && ended.at < now;
    return {
      key,
      title,
      code: `${code.system}|${code.code}`,
      by: by.key,
      at,
      isVoid: isOrderVoid(order, now),
      ended: isBack ? { at: ended.at, by: isAudited ? ended.by.key : by.key } : undefined,
    };
  });
  const medicines = chart.medicines.flatMap(({ key, name, at, by, ended }): Placed[] => {
    if (by === undefined) return [];
    const isBack = ended !== undefined && ended.status !== "completed" && ended.at < now;
    const isVoid = isBack && ended.status === "entered-in-error";
    return [{ key, title: name, code: name, by: by.key, at, isVoid, ended: isBack ? { at: ended.at, by: by.key } : undefined }];
  });
  const actions = chart.actions
    .filter(({ type }) => type === "MedicationRequest")
    .map(({ key, title, at, by }): Placed => ({ key, title, code: title, by: by.key, at, isVoid: false, ended: undefined }));
  return [...orders, ...medicines, ...actions].filter(({ at }) => at < now);
}
