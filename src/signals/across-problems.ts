import { isAcrossPatients } from "../domain/by-actor.ts";
import type { Join } from "../domain/signal.ts";
import { fieldOf, listOf } from "./unchecked.ts";
import type { PlacedProblem, YamlText } from "../domain/yaml-text.ts";

/**
 * What a sequence that crosses patients cannot say: it is judged person by person, over the orders of each, so every later step
 * is found by who did it.
 */
export function acrossProblems(yaml: YamlText): PlacedProblem[] {
  const sequence = fieldOf(yaml.value, "sequence");
  const steps = listOf(fieldOf(sequence, "steps"));
  const later = steps.slice(1);
  const crosses = later.some((step) => namesOf(step, "different").includes("patient") || isAcrossPatients({ same: sameOf(step) }));
  if (!crosses) return [];
  const tell = (path: readonly PropertyKey[], text: string): PlacedProblem => ({ ...yaml.placeOf(["sequence", ...path]), text });
  const others = steps.map((step) => namesOf(step, "activity").filter((activity) => !activity.startsWith("order.")));
  return [
    ...later.flatMap((step, index) =>
      namesOf(step, "same").includes("actor")
        ? []
        : [tell(["steps", index + 1], "A sequence that crosses patients is found by who acted: write same: actor in every later step.")],
    ),
    ...others.flatMap((names, index) =>
      names.length === 0
        ? []
        : [
            tell(
              ["steps", index, "activity"],
              `Across patients only orders are followed (order.placed, order.revoked …), not ${names.join(", ")}.`,
            ),
          ],
    ),
    ...(fieldOf(sequence, "without") === undefined
      ? []
      : [tell(["without"], "Across patients nothing is looked for in vain: leave without out.")]),
  ];
}

function sameOf(step: unknown): readonly Join[] {
  return namesOf(step, "same") as readonly Join[];
}

function namesOf(step: unknown, key: string): readonly string[] {
  return [fieldOf(step, key)].flat().filter((each) => typeof each === "string");
}
