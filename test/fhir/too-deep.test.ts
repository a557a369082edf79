import { expect, test } from "vitest";
import type { FolderItem } from "../../src/fhir/folder-item.ts";
import { readFolder } from "../../src/fhir/read-folder.ts";
import { parseJson } from "../../src/fhir/parse-json.ts";
import { makeFolder } from "./make-folder.ts";

const nested = (depth: number): string => `${"[".repeat(depth)}1${"]".repeat(depth)}`;

test("what nests too deeply to be written again is unusable, and its neighbours are not", async () => {
  const folder = makeFolder({
    "Task.ndjson": [nested(100_000), '{"resourceType":"Task","id":"t"}'].join("\n"),
    "bundle.json": `{"resourceType":"Claim","id":"c","item":${nested(100_000)}}`,
  });
  const items: unknown[] = [];
  const all: FolderItem[] = [];
  for await (const some of readFolder(folder, () => undefined)) all.push(...some);
  for (const item of all) {
    items.push([item.file, item.line, item.kind === "unusable" ? [item.code, item.lost] : item.resource]);
  }
  expect(items).toEqual([
    ["Task.ndjson", 1, ["too-deep", "one"]],
    ["Task.ndjson", 2, { resourceType: "Task", id: "t" }],
    ["bundle.json", 1, ["too-deep", "unknown"]],
  ]);
});

test("the limit is by nesting alone: brackets in strings and side by side do not count", () => {
  expect(parseJson(nested(2_000))).toHaveProperty("value");
  expect(parseJson(nested(2_001))).toEqual({ error: "too-deep" });
  expect(parseJson(`[${"[],".repeat(5_000)}1]`)).toHaveProperty("value");
  expect(parseJson(JSON.stringify({ a: "[".repeat(5_000), b: '\\"{'.repeat(5_000) }))).toHaveProperty("value");
});
