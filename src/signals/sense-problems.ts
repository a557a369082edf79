import type { PlacedProblem, YamlText } from "../domain/yaml-text.ts";

/**
 * What is well written and would yet never work. Looks at the text as it stands, right or wrong, so that these are
 * reported together with what the schema finds.
 */
export function senseProblems(yaml: YamlText): PlacedProblem[] {
  const loop = fieldOf(yaml.value, "loop");
  return [
    ...limitProblems(listOf(fieldOf(loop, "limits")), yaml),
    ...cancelProblems(fieldOf(loop, "cancels"), yaml),
    ...namedTwice(listOf(fieldOf(yaml.value, "examples")), yaml),
  ];
}

/** The first row that matches counts, so one that takes everything stands last, and one must. */
function limitProblems(limits: readonly unknown[], yaml: YamlText): PlacedProblem[] {
  const takesAll = limits.map((row) => isMap(row) && fieldOf(row, "where") === undefined && fieldOf(row, "within") !== undefined);
  const place = (index: number) => yaml.placeOf(["loop", "limits", index]);
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
    const misplaced = named.filter((activity) => onPatient.includes(activity) !== (same === "patient"));
    if (!isMap(clause) || misplaced.length === 0) return [];
    const meant = same === "patient" ? "subject" : "patient";
    return [
      {
        ...yaml.placeOf(["loop", "cancels", ...path]),
        text: `${misplaced.join(", ")} is said of the ${meant === "patient" ? "patient" : "record"} itself: write same: ${meant}, in a clause of its own.`,
      },
    ];
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

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, key: string): unknown {
  return isMap(value) ? value[key] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
