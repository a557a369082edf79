import { onTestFinished } from "vitest";
import { drawFrom } from "../../../src/fhir-server/faults/draw.ts";
import { faultTable } from "../../../src/fhir-server/faults/fault-table.ts";
import type { Fault, Question } from "../../../src/fhir-server/faults/fault.ts";
import type { FaultPlan } from "../../../src/fhir-server/faults/plan-faults.ts";
import { startFaultyFront, type FaultyFront } from "../../../src/fhir-server/faults/start-faulty-front.ts";
import { lines, serveFolder, serverTime, task } from "../serve-folder.ts";

function findFault(name: string): Fault {
  const fault = faultTable.find((each) => each.name === name);
  if (fault === undefined) throw new Error(`There is no fault ${name}`);
  return fault;
}

/** That fault befalls every question that it can befall, or the first `times` of each. */
export function alone(name: string, times = Infinity): FaultPlan {
  const fault = findFault(name);
  const choose = (question: Question): Fault[] => (question.time <= times && fault.befalls(question) ? [fault] : []);
  return { ofSeed: drawFrom(1), choose };
}

/** Tasks `a` to `e`, an hour apart, the last one a minute before the server's time. */
export async function startFaultyWard(plan: FaultPlan): Promise<FaultyFront> {
  const behind = await serveFolder({
    "tasks.ndjson": lines(...["a", "b", "c", "d", "e"].map((id, place) => task(id, hoursBefore(4 - place)))),
  });
  const front = await startFaultyFront({ clock: () => serverTime });
  onTestFinished(() => front.close());
  front.leadTo(behind.url);
  front.follow(plan);
  return front;
}

export function hoursBefore(hours: number): string {
  return new Date(serverTime - hours * 3_600_000 - 60_000).toISOString();
}
