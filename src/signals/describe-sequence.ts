import { durationInWords } from "../domain/duration.ts";
import type { Join, SequenceStep, SequenceTemplate } from "../domain/signal.ts";
import { activityPhrases } from "../domain/activity-phrases.ts";
import type { SignalSection } from "./describe-signal.ts";
import { conditions, either } from "./describe-where.ts";

/** What happens, one after the other, that should not. */
export function saySequence({ steps, withinMs, without }: SequenceTemplate): SignalSection[] {
  const whole = withinMs === undefined ? [] : [`all of it within ${durationInWords(withinMs)}`];
  const found: SignalSection[] = [{ title: "Happens when, one after the other", lines: [...steps.map(sayStep), ...whole] }];
  if (!without) return found;
  const looked = `${phrases(without.activity)}${without.by === "person" ? ", by a person" : ""}${withTheSame(without.same)}`;
  return [...found, { title: "Without, before it", lines: [looked, `looked for since ${phrases(without.since)}`] }];
}

function sayStep({ activity, where, by, same, different, withinMs }: SequenceStep): string {
  return [
    `${phrases(activity)}${where ? ` (${conditions(where)})` : ""}`,
    by === "person" ? "by a person" : "",
    withTheSame(same).replace(/^, /, ""),
    different.length > 0 ? `of a different ${either(different.map((each) => joinWords[each]))}` : "",
    withinMs === undefined ? "" : `within ${durationInWords(withinMs)} of the step before`,
  ]
    .filter(Boolean)
    .join(", ");
}

export const joinWords: Readonly<Record<Join, string>> = {
  subject: "record",
  actor: "person",
  patient: "patient",
  code: "code",
  order: "order",
  encounter: "encounter",
};

function withTheSame(same: readonly Join[]): string {
  return same.length > 0 ? `, of the same ${same.map((each) => joinWords[each]).join(" and ")}` : "";
}

function phrases(activities: SequenceStep["activity"]): string {
  return either(activities.map((activity) => activityPhrases[activity]));
}
