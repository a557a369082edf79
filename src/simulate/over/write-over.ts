import { planHospital, type Hospital } from "../hospital.ts";
import { DAY } from "../london-time.ts";
import { coverageOf, planOutages } from "../mess/outages.ts";
import type { SimulateOptions } from "../options.ts";
import { writeFolder, type Written } from "../write-folder.ts";
import { copyGiven } from "./copy-given.ts";
import { layOver } from "./lay-over.ts";
import { latestIssue, readGiven } from "./read-given.ts";

/** Of a ward, a clinic and the emergency department: whose results they are is told by the encounter's class alone. */
const beds = 1;

/**
 * Copies the clinical records of a folder into another, and lays over them the work of staff in the last days before the
 * latest result, with the truth of it. Undefined where no report says when it was issued.
 */
export async function writeOver(
  from: string,
  out: string,
  options: Omit<SimulateOptions, "start" | "beds">,
  isCompressed: boolean,
): Promise<{ hospital: Hospital; written: Written } | undefined> {
  const latest = await latestIssue(from);
  if (latest === undefined) return undefined;
  const now = (Math.floor(latest / DAY) + 1) * DAY;
  const hospital = planHospital({ ...options, beds, start: now - options.days * DAY });
  const given = await readGiven(from, hospital);
  const copied = await copyGiven(from, out, isCompressed);
  const outages = planOutages(hospital);
  const whole = copied.types.map((type) => [type, [[hospital.start, hospital.now]]] as const);
  const coverage = { ...Object.fromEntries(whole), ...coverageOf(hospital, outages) };
  const telling = { told: layOver(hospital, given), seed: options.seed, mess: options.mess, outages, coverage };
  const written = await writeFolder(out, telling, isCompressed);
  return { hospital, written: { ...written, resources: written.resources + copied.resources, bytes: written.bytes + copied.bytes } };
}
