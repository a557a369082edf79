/**
 * The seeds to try: 1 to `usual` (`embedded`: on that database, which is slow to open and to empty), or what FOLLOWTHROUGH_SEEDS asks for: a number of them (`200`), or from one to another
 * (`37-37` with `--testNamePattern seed` to see a failure again: so few hospitals do not show everything that is counted).
 */
export function listSeeds(usual: number, embedded = usual): number[] {
  const asked = process.env["FOLLOWTHROUGH_SEEDS"] ?? "";
  const untold = process.env["DATABASE_URL"] === undefined ? embedded : usual;
  const [from, to] = asked.includes("-") ? asked.split("-").map(Number) : [1, asked === "" ? untold : Number(asked)];
  if (from === undefined || to === undefined || !(from <= to))
    throw new Error(`FOLLOWTHROUGH_SEEDS=${asked} is neither a number nor FROM-TO`);
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}
