import type { Command } from "commander";
import { joinAlarms } from "../domain/join-alarms.ts";
import { showIntervals, toIso } from "../domain/show-times.ts";
import { UserError } from "../domain/user-error.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { everySeries } from "../insight/shown-catalogue.ts";
import { listAlarms, type Alarm } from "../store/alarm.ts";
import { examples } from "./command-line.ts";
import { heldSites } from "./held-sites.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly site?: string;
  readonly signal?: string;
  readonly json?: true;
}

/** So many periods are read; a table shows fewer rows, for those that touch share one. */
const most = 10_000;
const rowsOfTable = 50;

export function register(program: Command, runtime: Runtime): void {
  program
    .command("alarms")
    .description("List the periods in which a feed or a number broke a rule: of systems, never of a patient. The latest first.")
    .option("--site <name>", "only this site")
    .option("--signal <id>", "only this series, such as feed-silence")
    .option("--json", "one JSON object a period")
    .addHelpText(
      "after",
      examples(
        ["alarms --signal feed-silence", "which feeds fell silent, and when"],
        ["outages add --help", "to say that one was an outage"],
      ),
    )
    .action((flags: Flags) => run(runtime, flags));
}

async function run(runtime: Runtime, { site, signal, json }: Flags): Promise<void> {
  if (signal !== undefined) checkSignal(runtime, signal);
  const alarms = await withDatabase(runtime, async (connection) => {
    const sites = site === undefined ? undefined : (await heldSites(connection, site)).map(({ name }) => name);
    return listAlarms(connection.db, { ...(sites && { sites }), ...(signal !== undefined && { signal }) }, most);
  });
  if (json) for (const alarm of alarms) runtime.out(JSON.stringify(alarmJson(alarm)));
  else runtime.out(showAlarms(alarms));
  runtime.setExitCode(0);
}

function checkSignal(runtime: Runtime, id: string): void {
  const known = everySeries(runtime.loadConfig()).map((signal) => signal.id);
  if (!known.includes(id))
    throw new UserError("signal-unknown", `There is no series "${id}".${didYouMean(id, known)}`, `It may be: ${known.join(", ")}.`);
}

/** For programs: an absent field says less than a null. */
export function alarmJson({ from, to, feed, limits, accepted, daysBetween, ...rest }: Alarm): object {
  return {
    ...rest,
    daysBetween: daysBetween ?? false,
    feed: feed ?? null,
    accepted: accepted ?? null,
    from: toIso(from),
    to: toIso(to),
    limits: limits ?? null,
  };
}

/** Periods that touch share a row. */
export function showAlarms(alarms: readonly Alarm[]): string {
  const groups = joinAlarms(alarms);
  if (groups.length === 0) return "No series has broken a rule.";
  const rows = groups.slice(0, rowsOfTable).map((group): (string | number)[] => {
    const [first] = group;
    const last = group.at(-1) ?? first;
    const usual = first.limits ? number(first.limits.centre) : "-";
    return [
      first.site,
      first.signal,
      first.feed ? `${first.feed.type} from ${first.feed.source}` : "whole site",
      showIntervals([{ from: first.from, to: last.to }]),
      [...new Set(group.flatMap(({ breaks }) => breaks))].join(", ") + (first.accepted ? ` (accepted: ${first.accepted.reason})` : ""),
      group.length === 1
        ? number(first.value) + (first.daysBetween ? " days between" : "")
        : `${number(Math.min(...group.map(({ value }) => value)))} to ${number(Math.max(...group.map(({ value }) => value)))}`,
      usual,
    ];
  });
  const more = groups.length > rows.length ? `\n${String(groups.length - rows.length)} earlier ones are not shown; --json lists all.` : "";
  return showTable(["site", "series", "of", "when (UTC)", "breaks", "number", "usual"], rows) + more;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
