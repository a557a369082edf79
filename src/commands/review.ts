import { Option, type Command } from "commander";
import type { Connection } from "../db/connect.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { steps, type Step } from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import { findingVerdicts, type Verdict } from "../domain/verdict.ts";
import { commandLineViewer as viewer } from "../domain/viewer.ts";
import { listCaseRows } from "../store/case.ts";
import { isUuid } from "../store/finding-filter.ts";
import { recordReview, type NewReview } from "../store/review.ts";
import { listSites } from "../store/site.ts";
import { examples } from "./command-line.ts";
import { withDatabase, type Runtime } from "./runtime.ts";

interface ReviewOptions {
  readonly reason?: string;
  readonly site?: string;
  readonly verdict?: Verdict;
  readonly json?: true;
}

export function register(program: Command, runtime: Runtime): void {
  program
    .command("review")
    .description("Record a step of a review, and say where the finding now stands")
    .argument("<finding or case>", "id of a finding, or a record of the case: ServiceRequest/x")
    .argument("<step>", steps.join(", "))
    .option("--reason <text>", "why; needed to dismiss, note, assign (to whom) and snooze (until when)")
    .option("--site <name>", "of the case, where several sites have such a record")
    .addOption(new Option("--verdict <verdict>", "refuse if the finding no longer says this").choices(findingVerdicts))
    .option("--json", "one JSON object a finding")
    .addHelpText(
      "after",
      examples(
        ["review ServiceRequest/x take", "everything of the case that rests on this order is in review"],
        ['review ServiceRequest/x dismiss --reason "telephoned, see the notes"', "it was no miss"],
      ),
    )
    .action(async (target: string, step: string, options: ReviewOptions) => {
      await withDatabase(runtime, (connection) => review(connection, runtime, { target, step: readStep(step), options }));
    });
}

function readStep(word: string): Step {
  const step = steps.find((each) => each === word);
  if (step === undefined)
    throw new UserError("unknown-step", `"${word}" is no step of a review.${didYouMean(word, steps)}`, `It may be: ${steps.join(", ")}.`);
  return step;
}

interface Asked {
  readonly target: string;
  readonly step: Step;
  readonly options: ReviewOptions;
}

async function review(connection: Connection, runtime: Runtime, { target, step, options }: Asked): Promise<void> {
  const { db } = connection;
  const of = isUuid(target) ? { loopIds: [target.toLowerCase()] } : await findCase(connection, target, options.site);
  const expected = "loopIds" in of && options.verdict !== undefined ? { [target.toLowerCase()]: options.verdict } : undefined;
  const reviewed = await recordReview(db, viewer, {
    of,
    step,
    at: runtime.clock(),
    id: runtime.makeId(),
    ...(options.reason !== undefined && { reason: options.reason }),
    ...(expected && { expected }),
  });
  for (const finding of reviewed) {
    const { id, subject, signal, verdict, status, reason } = finding;
    if (options.json) runtime.out(JSON.stringify({ id, subject, signal, verdict, status, statusReason: reason ?? null }));
    else runtime.out(`${subject}, ${signal} (${verdict}): ${status}${reason === undefined ? "" : `, for it was ${reason}`}`);
  }
  runtime.setExitCode(0);
}

async function findCase({ db }: Connection, record: string, site: string | undefined): Promise<NewReview["of"]> {
  const sites = (await listSites(db)).map(({ name }) => name);
  if (site !== undefined && !sites.includes(site))
    throw new UserError("unknown-site", `There is no site "${site}".${didYouMean(site, sites)}`, `It may be: ${sites.join(", ")}.`);
  const found = [...(await listCaseRows(db, viewer, record, site === undefined ? sites : [site])).keys()];
  const [only, ...others] = found;
  if (only === undefined)
    throw new UserError(
      "finding-not-found",
      `There is no finding or case "${record}".`,
      "Take an id, or the case, from what `findings --json` lists.",
    );
  if (others.length > 0)
    throw new UserError("several-sites", `Several sites have a case of "${record}": ${found.join(", ")}.`, "Say which with --site.");
  return { case: record, site: only };
}
