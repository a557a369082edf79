/**
 * The seeds to try: 1 to `usual`, or what FOLLOWTHROUGH_SEEDS asks for: a number of them (`200`), or from one to another
 * (`37-37` with `--testNamePattern seed` to see a failure again: so few hospitals do not show everything that is counted).
 */
export function listSeeds(usual: number): number[] {
  const asked = process.env["FOLLOWTHROUGH_SEEDS"] ?? "";
  const [from, to] = asked.includes("-") ? asked.split("-").map(Number) : [1, asked === "" ? usual : Number(asked)];
  if (from === undefined || to === undefined || !(from <= to))
    throw new Error(`FOLLOWTHROUGH_SEEDS=${asked} is neither a number nor FROM-TO`);
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}
