import { isObject } from "./bundle.ts";

/** What an OperationOutcome in an error file of an export says: of these types not all was exported. */
export interface NotExported {
  /** `*`: it does not say of which. */
  readonly types: readonly string[];
  /** Codes of a closed vocabulary: the texts beside them may name a patient. */
  readonly codes: readonly string[];
}

/**
 * Undefined where it only informs. A warning counts too: an export that is taken for whole, and is not, hides what was
 * missed. Which types are meant no element says for certain, so that each of those asked for counts that an issue names anywhere.
 */
export function readNotExported(outcome: unknown, asked: readonly string[]): NotExported | undefined {
  if (!isObject(outcome) || outcome["resourceType"] !== "OperationOutcome") return { types: ["*"], codes: [] };
  const issues = Array.isArray(outcome["issue"]) ? outcome["issue"].filter(isObject) : [];
  const grave = issues.filter(({ severity }) => severity !== "information" && severity !== "success");
  if (issues.length > 0 && grave.length === 0) return undefined;
  const types = new Set<string>();
  for (const issue of grave) {
    for (const type of namedIn(issue, asked)) types.add(type);
  }
  const codes = grave.flatMap(({ code }) => (typeof code === "string" && /^[a-z-]{3,30}$/.test(code) ? [code] : []));
  return { types: types.size === 0 ? ["*"] : [...types], codes: [...new Set(codes)] };
}

/** Of a patient alone it may be all that is about them. */
function namedIn(issue: Readonly<Record<string, unknown>>, asked: readonly string[]): readonly string[] {
  const words = new Set(JSON.stringify(issue).match(/[A-Z][A-Za-z]+/g) ?? []);
  const named = asked.filter((type) => words.has(type));
  return named.some((type) => type !== "Patient") ? named : ["*"];
}
