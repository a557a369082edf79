import { isMap, isPair, LineCounter, parseDocument, type Document } from "yaml";
import { UserError } from "./user-error.ts";

/** Where in a text: both from 1. */
interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong at a place of a text. */
export interface PlacedProblem extends TextPlace {
  readonly text: string;
}

/** One thing wrong with a text, as a sentence that says what to write instead. */
export interface TextProblem extends Partial<TextPlace> {
  readonly text: string;
}

export interface YamlText {
  /** Undefined where the text is no YAML; null where it says nothing. */
  readonly value: unknown;
  readonly problems: readonly PlacedProblem[];
  /** Of the value at a path, or of the nearest one that holds it. */
  placeOf(path: readonly PropertyKey[]): TextPlace;
  /** Of the key itself in the map at a path. */
  placeOfKey(path: readonly PropertyKey[], key: string): TextPlace;
}

/** YAML (so JSON too) that can tell the line of each of its values. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined): TextPlace => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = document.errors.map((error) => ({ ...at(error.pos[0]), text: error.message.replace(/\s*\n[\s\S]*/, "") }));
  return {
    value: problems.length > 0 ? undefined : (document.toJS() as unknown),
    problems,
    placeOf: (path) => at(startOf(document, path)),
    placeOfKey: (path, key) => {
      const map = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = isMap(map) ? map.items.find((each) => isPair(each) && String(each.key) === key) : undefined;
      return at(rangeStart(pair?.key) ?? startOf(document, path));
    },
  };
}

function startOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const start = rangeStart(document.getIn(path.slice(0, length), true));
    if (start !== undefined) return start;
  }
  return rangeStart(document.contents);
}

function rangeStart(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}

/** All of them in one error, in the order of the text. `where` names the file. */
export function problemsError(code: string, where: string, problems: readonly TextProblem[]): UserError {
  const inOrder = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const lines = inOrder.map(({ line, column, text }) => (line === undefined ? `  ${text}` : `  line ${line}, column ${column}: ${text}`));
  const [count, them] = problems.length === 1 ? ["A problem", "it"] : [`${problems.length} problems`, "them"];
  return new UserError(code, [`${count} in ${where}:`, ...lines].join("\n"), `Correct ${them} there and run the command again.`);
}
