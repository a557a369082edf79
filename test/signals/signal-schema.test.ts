import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { publishedSchema } from "./published-schema.ts";

const file = new URL("../../src/signals/signal.schema.json", import.meta.url).pathname;
const root = join(import.meta.dirname, "../..");

/** To write it anew: `npx vitest run test/signals/signal-schema.test.ts -u`. */
test("the schema for editors is that of the code", async () => {
  const text = await format(JSON.stringify(publishedSchema()), { ...(await resolveConfig(file)), filepath: file });
  await expect(text).toMatchFileSnapshot(file);
});

test("it knows the keys and values that an editor is to offer", () => {
  const schema = JSON.parse(readFileSync(file, "utf8")) as { required: string[]; properties: Record<string, { enum?: string[] }> };
  expect(Object.keys(schema.properties).filter((key) => !schema.required.includes(key))).toEqual([
    "replaces",
    "loop",
    "sequence",
    "series",
  ]);
  expect(schema.properties["tier"]?.enum).toEqual(["worklist", "surveillance", "experimental"]);
});

describe("by that schema alone", () => {
  /** The whole of it as JSON Schema has it: what stands beside `oneOf` counts as well. */
  const { oneOf, ...common } = publishedSchema() as { oneOf: object[]; $defs: object };
  const isRight = (written: unknown): boolean =>
    z.fromJSONSchema(common as never).safeParse(written).success &&
    oneOf.filter((branch) => z.fromJSONSchema({ $defs: common.$defs, type: "object", ...branch } as never).safeParse(written).success)
      .length === 1;
  const files = globSync(["src/signals/catalogue/*.yaml", "fixtures/own-signals/*.yaml"], { cwd: root }).toSorted();
  const written = (name: string): Record<string, unknown> => parse(readFileSync(join(root, name), "utf8")) as Record<string, unknown>;

  test("every file of the catalogue and the example is right", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((name) => !isRight(written(name)))).toEqual([]);
  });

  test("a file of two templates, of none, with the examples of another, or with an unknown key is wrong", () => {
    const loop = written("src/signals/catalogue/task-overdue.yaml");
    const series = written("src/signals/catalogue/feed-silence.yaml");
    const { loop: _, ...none } = loop;
    expect(
      [{ ...loop, series: series["series"] }, none, { ...loop, examples: series["examples"] }, { ...loop, loops: 1 }].map(isRight),
    ).toEqual([false, false, false, false]);
  });
});
