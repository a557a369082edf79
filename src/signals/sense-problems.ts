import { acrossProblems } from "./across-problems.ts";
import { fieldOf, isMap, listOf } from "./unchecked.ts";
import { unknownValueSet, type ValueSets } from "./read-value-sets.ts";
import type { PlacedProblem, YamlText } from "../domain/yaml-text.ts";

/**
 * What is well written and would yet never work. Looks at the text as it stands, right or wrong, so that these are
 * reported together with what the schema finds.
 */
export function senseProblems(yaml: YamlText, sets: ValueSets): PlacedProblem[] {
  const loop = fieldOf(yaml.value, "loop");
  return [
    ...limitProblems(listOf(fieldOf(loop, "limits")), ["loop", "limits"], yaml),
    ...cancelProblems(fieldOf(loop, "cancels"), yaml),
    ...acrossProblems(yaml),
    ...unknownSets(yaml.value, [], yaml, sets),
    ...namedTwice(listOf(fieldOf(yaml.value, "examples")), yaml),
  ];
}

/** The first row that matches counts, so one that takes everything stands last, and one must. */
export function limitProblems(limits: readonly unknown[], path: readonly PropertyKey[], yaml: YamlText): PlacedProblem[] {
  const takesAll = limits.map((row) => isMap(row) && fieldOf(row, "where") === undefined && fieldOf(row, "within") !== undefined);
  const place = (index: number) => yaml.placeOf([...path, index]);
  const last = limits.at(-1);
  return [
    ...(isMap(last) && fieldOf(last, "where") !== undefined
      ? [
          {
            ...place(limits.length - 1),
            text: "The last limit has no where: else what matches no row would open no loop, and nobody would know.",
          },
        ]
      : []),
    ...takesAll.flatMap((takes, index) =>
      takes && index < limits.length - 1
        ? [{ ...place(index), text: "This limit takes everything, so that those below never count. Put it last." }]
        : [],
    ),
  ];
}

const onPatient = ["patient.died", "chart.opened"];

function cancelProblems(cancels: unknown, yaml: YamlText): PlacedProblem[] {
  const clauses = Array.isArray(cancels)
    ? cancels.map((clause: unknown, index): [unknown, readonly PropertyKey[]] => [clause, [index]])
    : [[cancels, []] as [unknown, readonly PropertyKey[]]];
  return clauses.flatMap(([clause, path]) => {
    const same = fieldOf(clause, "same") ?? "subject";
    const named = [fieldOf(clause, "activity")].flat().map(String);
    const misplaced = named.filter((activity) => onPatient.includes(activity) && same !== "patient");
    if (!isMap(clause) || misplaced.length === 0) return [];
    return [
      {
        ...yaml.placeOf(["loop", "cancels", ...path]),
        text: `${misplaced.join(", ")} is said of the patient itself: write same: patient, in a clause of its own.`,
      },
    ];
  });
}

const setKeys = ["code", "answer", "conclusion"];

/** Names of value sets that nothing bears, wherever a condition stands. */
export function unknownSets(value: unknown, path: readonly PropertyKey[], yaml: YamlText, sets: ValueSets): PlacedProblem[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]): PlacedProblem[] => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === "examples" && path.length === 0) return [];
    if (key !== "where") return unknownSets(inside, here, yaml, sets);
    return setKeys.flatMap((set) =>
      [fieldOf(inside, set)].flat().flatMap((id) => {
        const problem = typeof id === "string" ? unknownValueSet(id, sets) : undefined;
        return problem === undefined ? [] : [{ ...yaml.placeOf([...here, set]), text: problem }];
      }),
    );
  });
}

function namedTwice(examples: readonly unknown[], yaml: YamlText): PlacedProblem[] {
  const names = examples.map((example) => fieldOf(example, "name"));
  return names.flatMap((name, index) =>
    typeof name !== "string" || names.indexOf(name) === index
      ? []
      : [{ ...yaml.placeOf(["examples", index, "name"]), text: `There is another example "${name}" above. Give each a name of its own.` }],
  );
}
