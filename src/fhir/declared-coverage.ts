import { parseYaml, problemsError, type TextProblem, type YamlText } from "../domain/yaml-text.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { resourceTypes } from "../domain/resource-types.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { isObject } from "./bundle.ts";
import { isBulkManifest, sinceOf } from "./bulk-manifest.ts";
import { isCoverageFile, listFolderFiles, type FolderFile } from "./folder-files.ts";
import { decodeUtf8, parseJson, placeOfJsonError } from "./parse-json.ts";
import { maxJsonBytes, readWholeFile } from "./read-json-file.ts";

/** What the files of a folder say of its coverage themselves. */
export interface DeclaredCoverage {
  /** Per resource type, united; an empty list: nothing covered yet. */
  readonly byType: ReadonlyMap<string, readonly Interval[]>;
  readonly manifests: readonly ManifestCoverage[];
}

export interface ManifestCoverage {
  readonly types: readonly string[];
  /** `_since` of the request; absent where it asked for everything. */
  readonly from?: Instant;
  /** `transactionTime`. */
  readonly to: Instant;
}

/**
 * Every `coverage.json` and every bulk manifest (any `*.json` with `transactionTime` and `output`) of a folder and its
 * subfolders. One folder read is one feed per type, so each of them speaks for the whole folder, and they are united:
 * a type that any `coverage.json` names is covered as those files say, and no more is assumed of it.
 * @throws UserError `coverage-file` with every problem of a file; and as `listFolderFiles`
 */
export async function readDeclaredCoverage(folder: string): Promise<DeclaredCoverage> {
  const byType = new Map<string, readonly Interval[]>();
  const manifests: ManifestCoverage[] = [];
  for (const file of (await listFolderFiles(folder)).files) {
    if (isCoverageFile(file)) {
      for (const [type, intervals] of parseCoverage(await readWholeFile(file), file.path)) {
        byType.set(type, unite([...(byType.get(type) ?? []), ...intervals]));
      }
    } else if (/\.json$/i.test(file.name) && file.bytes <= maxJsonBytes) {
      manifests.push(...(await readManifest(file)));
    }
  }
  return { byType, manifests };
}

async function readManifest(file: FolderFile): Promise<ManifestCoverage[]> {
  const bytes = await readWholeFile(file);
  // Most JSON files are resources: parse only what may be a manifest.
  if (!bytes.includes('"transactionTime"')) return [];
  const parsed = parseJson(decodeUtf8(bytes) ?? "");
  if ("error" in parsed || !isBulkManifest(parsed.value)) return [];
  const { transactionTime, output } = parsed.value;
  const to = parseRfc3339(transactionTime);
  if (to === undefined) {
    const place = parseYaml(bytes.toString("utf8")).placeOf(["transactionTime"]);
    throw problemsError("coverage-file", file.path, [{ ...place, text: notATime("transactionTime") }]);
  }
  const from = parseRfc3339(sinceOf(parsed.value) ?? "");
  return [{ types: [...new Set(output.map((each) => each.type))], to, ...(from === undefined ? {} : { from }) }];
}

function parseCoverage(bytes: Buffer, file: string): [string, Interval[]][] {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw problemsError("coverage-file", file, [{ text: "Its bytes are not UTF-8: save it as UTF-8." }]);
  const parsed = parseJson(text);
  if ("error" in parsed) {
    throw problemsError("coverage-file", file, [{ ...placeOfJsonError(text), text: "This is no JSON here. It should read: " + example }]);
  }
  const places = parseYaml(text);
  if (places.problems.length > 0) {
    // JSON lets a type named twice pass and forgets the first list; YAML does not, and is otherwise wider than JSON.
    throw problemsError(
      "coverage-file",
      file,
      places.problems.map((each) => ({ ...each, text: "This type is named twice: write one list of intervals." })),
    );
  }
  if (!isObject(parsed.value)) throw problemsError("coverage-file", file, [{ ...places.placeOf([]), text: "It should read: " + example }]);
  const problems: TextProblem[] = [];
  const coverage = Object.entries(parsed.value).map(([type, list]): [string, Interval[]] => [
    type,
    parseFeed(type, list, places, problems),
  ]);
  if (problems.length > 0) throw problemsError("coverage-file", file, problems);
  return coverage;
}

const example = '{"AuditEvent": [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]]}';

function parseFeed(type: string, list: unknown, places: YamlText, problems: TextProblem[]): Interval[] {
  if (!resourceTypes.includes(type)) {
    const hint = didYouMean(type, resourceTypes) || " Write its name as FHIR does, such as AuditEvent.";
    problems.push({ ...places.placeOfKey([], type), text: `"${type}" is no FHIR resource type.${hint}` });
  }
  if (!Array.isArray(list)) {
    problems.push({ ...places.placeOf([type]), text: "Write a list of intervals, [[from, to], …], or [] where nothing is covered yet." });
    return [];
  }
  return list.flatMap((pair: unknown, index) => parsePair(pair, [type, index], places, problems) ?? []);
}

function parsePair(pair: unknown, path: readonly PropertyKey[], places: YamlText, problems: TextProblem[]): Interval | undefined {
  if (!Array.isArray(pair) || pair.length !== 2) {
    problems.push({ ...places.placeOf(path), text: "Write an interval as two times, [from, to]." });
    return undefined;
  }
  const times = pair.map((text: unknown) => (typeof text === "string" ? parseRfc3339(text) : undefined));
  for (const [index, at] of times.entries()) {
    if (at === undefined) problems.push({ ...places.placeOf([...path, index]), text: notATime(JSON.stringify(pair[index])) });
  }
  const [from, to] = times;
  if (from === undefined || to === undefined) return undefined;
  if (from >= to)
    problems.push({ ...places.placeOf(path), text: "The interval ends before or when it starts: write the earlier time first." });
  return { from, to };
}

function notATime(what: string): string {
  return `${what} is no RFC 3339 time with its zone: write it like "2026-03-01T00:00:00Z" or "2026-03-01T00:00:00+01:00".`;
}
