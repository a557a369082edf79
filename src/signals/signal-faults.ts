import { openingActivities } from "../domain/signal-activities.ts";
import type { Signal } from "../domain/signal.ts";
import type { Tier, Verdict } from "../domain/verdict.ts";
import type { SignalFile } from "./parse-signal.ts";
import { requiredFeeds } from "./required-feeds.ts";
import { runExample } from "./run-example.ts";

/** What is wrong with a signal that its text alone does not show; `path` is where in its file. */
export interface SignalFault {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** The rules that every signal keeps, the catalogue's and a site's own alike: `tier` is the one that it runs in. */
export function signalFaults(file: Pick<SignalFile, "signal" | "examples">, tier: Tier): SignalFault[] {
  const { signal } = file;
  const feeds = requiredFeeds(signal);
  const needsClosing = signal.loop !== undefined || signal.sequence.without !== undefined;
  return [
    ...unfounded(signal),
    ...(feeds.opening.length === 0 ? [{ path: [], text: "Nothing that is read could carry what begins it." }] : []),
    ...(needsClosing && feeds.closing.length === 0 ? [{ path: [], text: "Nothing that is read could carry what ends it." }] : []),
    ...failing(file),
    ...(tier === "worklist" ? missingExamples(file) : []),
  ];
}

/** Every limit says what it rests on. */
function unfounded({ loop, references }: Signal): SignalFault[] {
  return (loop?.limits ?? []).flatMap(({ basis, duration }, index) =>
    basis === "local default" || duration === "due" || references.some(({ title }) => title.startsWith(basis))
      ? []
      : [
          {
            path: ["loop", "limits", index, "basis"],
            text: `"${basis}" is none of its references. Write how one of their titles begins, or: local default.`,
          },
        ],
  );
}

function failing(file: Pick<SignalFile, "signal" | "examples">): SignalFault[] {
  return file.examples.flatMap((example, index) => {
    const { passed, explanation } = runExample(file, example);
    return passed
      ? []
      : [
          {
            path: ["examples", index],
            text: `The example "${example.name}" does not come out as it says: ${explanation.replace(/\s*\n\s*/g, " ")}.`,
          },
        ];
  });
}

const fewest = 8;

/** What clinicians are shown is shown to be right: every verdict, every reason for which nobody can say, the boundary from both sides. */
function missingExamples({ signal, examples }: Pick<SignalFile, "signal" | "examples">): SignalFault[] {
  const at = (text: string): SignalFault => ({ path: ["examples"], text: `A signal of tier worklist ${text}` });
  const expected = examples.flatMap((example) => example.expect);
  const without = (names: readonly string[], held: readonly (string | undefined)[]): string =>
    names.filter((name) => !held.includes(name)).join(", ");
  const verdicts = without(
    verdictsOf(signal),
    expected.map(({ verdict }) => verdict),
  );
  const reasons = without(
    reasonsOf(signal),
    expected.map(({ reason }) => reason),
  );
  return [
    ...(examples.length < fewest ? [at(`has at least ${String(fewest)} examples; this one has ${String(examples.length)}.`)] : []),
    ...(verdicts === "" ? [] : [at(`has an example of each verdict; there is none of: ${verdicts}.`)]),
    ...(reasons === "" ? [] : [at(`has an example of each reason for which nobody can say; there is none of: ${reasons}.`)]),
    ...(signal.loop ? boundaryMissing({ signal, examples }).map(at) : []),
    ...(signal.sequence && examples.every(({ expect }) => expect.length > 0)
      ? [at("has an example in which nothing happens: expect: none.")]
      : []),
  ];
}

function verdictsOf({ loop, sequence }: Signal): readonly Verdict[] {
  if (loop) return ["cancelled", "late", "met", "missed", "pending", "unknown"];
  return sequence.without ? ["occurred", "unknown"] : ["occurred"];
}

function reasonsOf(signal: Signal): readonly string[] {
  if (!signal.loop) return signal.sequence.without ? ["gap", "never-seen"] : [];
  const isRead =
    openingActivities(signal).some((activity) => activity.startsWith("result.")) &&
    requiredFeeds(signal).attributes.includes("Observation");
  return ["gap", "never-seen", ...(isRead ? ["observation-not-brought"] : []), "time-not-recorded"];
}

function boundaryMissing(file: Pick<SignalFile, "signal" | "examples">): string[] {
  const isShown = (verdict: Verdict, earlierMs: number): boolean =>
    file.examples.some((example) =>
      runExample(file, example).actual.some((loop) => loop.verdict === verdict && loop.dueAt - example.now === earlierMs),
    );
  return [
    ...(isShown("missed", 0) ? [] : ["shows the boundary: an example that is missed at the very instant at which it is due."]),
    ...(isShown("pending", 60_000) ? [] : ["shows the boundary: an example that is pending a minute before it is due."]),
  ];
}
