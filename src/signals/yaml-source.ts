import { isMap, LineCounter, parseDocument, type Document } from "yaml";

/** One thing wrong with a text and where, both counted from 1; the sentence says what to write instead. */
export interface SourceProblem {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

type Place = Omit<SourceProblem, "text">;
export type Path = readonly PropertyKey[];

/** A YAML text that can tell the place of each of its values. */
export interface YamlSource {
  /** Undefined where the text is no YAML. */
  readonly value: unknown;
  readonly problems: readonly SourceProblem[];
  /** Of the value at a path, else of the nearest one that holds it. */
  placeOf(path: Path): Place;
  /** Of the key itself in the map at a path. */
  placeOfKey(path: Path, key: string): Place;
}

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = document.errors.map((error) => ({ ...at(error.pos[0]), text: error.message.replace(/\s*\n[\s\S]*/, "") }));
  return {
    value: problems.length > 0 ? undefined : (document.toJS() as unknown),
    problems,
    placeOf: (path) => at(offsetOf(document, path)),
    placeOfKey: (path, key) => {
      const map = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = isMap(map) ? map.items.find((each) => String(each.key) === key) : undefined;
      return at(rangeStart(pair?.key) ?? offsetOf(document, path));
    },
  };
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const start = rangeStart(document.getIn(path.slice(0, length), true));
    if (start !== undefined) return start;
  }
  return rangeStart(document.contents) ?? 0;
}

function rangeStart(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}
