import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { z } from "zod";
import { signalSchema } from "../../src/signals/signal-schema.ts";

const file = new URL("../../src/signals/signal.schema.json", import.meta.url).pathname;

/** To write it anew: `npx vitest run --update test/signals/signal-schema.test.ts`. */
test("the schema for editors is that of the code", async () => {
  const schema = z.toJSONSchema(signalSchema, { io: "input" });
  await expect(await format(JSON.stringify(schema), { ...(await resolveConfig(file)), filepath: file })).toMatchFileSnapshot(file);
});

test("it knows the keys and values that an editor is to offer", () => {
  const schema = JSON.parse(readFileSync(file, "utf8")) as { required: string[]; properties: Record<string, { enum?: string[] }> };
  expect(Object.keys(schema.properties).filter((key) => !schema.required.includes(key))).toEqual(["replaces", "loop", "sequence"]);
  expect(schema.properties["tier"]?.enum).toEqual(["worklist", "surveillance", "experimental"]);
});
