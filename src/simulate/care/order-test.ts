import { assumed } from "../assumptions.ts";
import { keyOf, type Chart, type Encounter, type Level, type Order, type Priority, type Result, type ResultVersion } from "../chart.ts";
import { laboratory, radiology, type Team } from "../hospital.ts";
import { DAY, HOUR, MINUTE, SECOND, atHour, hourOf, isWeekend, type Instant } from "../london-time.ts";
import { drawReadings, drawValue } from "../draw-readings.ts";
import { panels, type Panel, type PanelName } from "../panels.ts";
import { pickOnDuty, type Person } from "../staff.ts";
import { followResult } from "./follow-result.ts";
import { image } from "./image.ts";
import { investigate } from "./investigate.ts";

export interface TestRequest {
  readonly panel: PanelName;
  readonly at: Instant;
  readonly priority: Priority;
  readonly by: Person;
  readonly encounter: Encounter | undefined;
  readonly team: Team;
  /** When it is collected or done; else soon after the order. */
  readonly collectedAt?: Instant;
  readonly because?: Result;
  /** The worst value that it comes back with; else drawn. */
  readonly level?: Level;
  /** How many results deep this one answers another: repeats of repeats end. */
  readonly depth?: number;
}

/** Orders a test, lets the laboratory do what it does with it, and the team what it does with the result. */
export function orderTest(chart: Chart, request: TestRequest): Order {
  const { dice } = chart;
  const panel: Panel = panels[request.panel];
  const order: Order = {
    key: keyOf(chart, "ServiceRequest", chart.orders, "o"),
    kind: panel.kind,
    title: panel.title,
    code: panel.code,
    at: request.at,
    priority: request.priority,
    by: request.by,
    encounter: request.encounter,
    because: request.because,
  };
  chart.orders.push(order);
  const fate = dice.weigh(assumed.orderFate.value);
  const collectedAt = request.collectedAt ?? request.at + dice.int(10, 60) * MINUTE;
  if (fate === "revoked" || fate === "entered-in-error") {
    const at = request.at + Math.round(dice.between(2 * MINUTE, Math.max(10 * MINUTE, collectedAt - request.at)) / SECOND) * SECOND;
    const by = at - request.at < 4 * HOUR ? request.by : pickOnDuty(chart.hospital, dice, request.team, "doctor", at);
    order.ended = { at, status: fate, by };
  } else if (panel.kind === "imaging" && fate !== "lost" && !image(chart, order, collectedAt).isReported) {
    return order;
  } else if (fate === "resulted") {
    const result = reportResult(chart, panel, order, collectedAt, request);
    // Some EPRs close the order when its result is there; the order's own end closes nothing here.
    if (dice.chance(0.6)) order.ended = { at: lastAt(result) + 2 * SECOND, status: "completed", by: result.author };
    followResult(chart, result, request.depth ?? 0);
    investigate(chart, result);
  }
  return order;
}

function lastAt(result: Result): Instant {
  return (result.versions.find(({ status }) => status === "final") ?? result.versions[0])?.at ?? result.collectedAt;
}

function reportResult(
  chart: Chart,
  panel: Panel,
  order: Order,
  collectedAt: Instant,
  { level: asked, team, encounter }: TestRequest,
): Result {
  const { dice, hospital } = chart;
  const department = panel.kind === "imaging" ? radiology : laboratory;
  const issuedAt = whenReported(chart, panel, order.priority, collectedAt);
  const key = keyOf(chart, "DiagnosticReport", chart.results, "r");
  const level = asked ?? drawLevel(chart, panel);
  const readings = drawReadings(chart, panel, level, collectedAt, issuedAt, `${chart.patient.id}-r${chart.results.length + 1}`);
  const result: Result = {
    key,
    kind: panel.kind,
    title: panel.title,
    code: panel.code,
    collectedAt,
    order,
    encounter,
    team,
    author: pickOnDuty(hospital, dice, department, panel.kind === "imaging" ? "radiologist" : "scientist", issuedAt),
    versions: [],
    acknowledgements: [],
  };
  const words = panel.kind === "imaging" && readings.length === 0 ? "Report as dictated." : undefined;
  if (panel.preliminaryAfter !== undefined && level !== "normal" && level !== "not-said") {
    const at = collectedAt + Math.round(panel.preliminaryAfter * dice.between(0.7, 1.3) * 60) * MINUTE;
    if (at < issuedAt) {
      result.versions.push({ at, status: "preliminary", readings: moveReadings(readings, at) });
    }
  }
  result.versions.push({ at: issuedAt, status: "final", readings, ...(words !== undefined && { conclusion: words }) });
  changeLater(chart, result, issuedAt);
  chart.results.push(result);
  return result;
}

/** The same readings, known since the preliminary report. */
function moveReadings(readings: Result["versions"][number]["readings"], at: Instant): ResultVersion["readings"] {
  for (const { values } of readings) if (values[0] !== undefined) values[0] = { ...values[0], at };
  return readings;
}

function drawLevel({ dice }: Chart, panel: Panel): Level {
  return dice.weigh(panel.levels as Record<Level, number>);
}

/** Blood taken on the morning round is reported in batches before noon; the slow tenth takes long; imaging waits over the weekend. */
function whenReported({ dice }: Chart, panel: Panel, priority: Priority, collectedAt: Instant): Instant {
  const { usual, slow } = panel.hours;
  const part = dice.real();
  const hours = part < 0.9 ? usual * dice.between(0.6, 1.5) : dice.between(slow, slow * 1.6);
  const rushed = priority === "stat" ? 0.6 : priority === "routine" ? 1.6 : 1;
  let at = collectedAt + Math.round(hours * rushed * 3_600) * SECOND;
  if (panel.kind === "laboratory" && priority === "routine" && hours < 12) {
    // The analyser's batch is authorised on the quarter hour, a few seconds a report.
    at = Math.ceil(at / (15 * MINUTE)) * 15 * MINUTE + dice.int(0, 180) * SECOND;
  }
  if (panel.kind === "imaging" && priority === "routine" && (isWeekend(at) || hourOf(at) < 8 || hourOf(at) > 20)) {
    at = atHour(at, 9 + dice.between(0, 8), 1);
    while (isWeekend(at)) at += DAY;
  }
  return at;
}

/** What becomes of a few reports afterwards: an addendum, a corrected value, withdrawal, a report on the wrong patient. */
function changeLater({ dice, patient }: Chart, result: Result, issuedAt: Instant): void {
  const fate = dice.weigh(assumed.reportFate.value);
  if (fate === "final") return;
  const before = result.versions.at(-1) as ResultVersion;
  const hours = dice.chance(0.4) ? dice.between(0.2, 4) : dice.between(4, 120);
  const at = issuedAt + Math.round(hours * 3_600) * SECOND;
  if (fate === "withdrawn" || fate === "entered-in-error") {
    result.versions.push({ ...before, at, status: fate === "withdrawn" ? "cancelled" : fate });
    return;
  }
  const keepsIssued = dice.chance(0.3);
  if (fate === "amended") {
    result.versions.push({ ...before, at, status: "amended", conclusion: "Addendum: reviewed with the earlier study.", keepsIssued });
    return;
  }
  // The value is corrected in place: whoever reads the first version now sees the right one.
  const reading = before.readings[0];
  if (reading === undefined) return;
  const level: Level = dice.chance(0.5) ? "normal" : "abnormal";
  reading.values.push(drawValue(dice, reading.analyte, level, patient.isChild, at - SECOND));
  result.versions.push({ ...before, at, status: "corrected", conclusion: "Corrected result.", keepsIssued });
}
