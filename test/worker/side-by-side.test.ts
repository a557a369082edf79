import fc from "fast-check";
import { expect, test } from "vitest";
import { workSideBySide, type Worked } from "../../src/worker/side-by-side.ts";

/** An item with parts is worked on in parts; one that is "!" fails. */
type Item = { readonly name: string; readonly parts?: readonly Item[] };

const { item } = fc.letrec<{ item: Item }>((tie) => ({
  item: fc.record({ name: fc.constantFrom("a", "b", "c"), parts: fc.array(tie("item"), { maxLength: 3 }) }, { requiredKeys: ["name"] }),
}));

const leavesOf = (items: readonly Item[]): string[] => items.flatMap(({ name, parts }) => (parts === undefined ? [name] : leavesOf(parts)));

/** What was settled, in order, and how many were worked on at once; each item takes as many turns as `turns` says next. */
async function run(
  items: readonly Item[],
  most: number,
  turns: readonly number[],
  widen: Promise<unknown> = Promise.resolve(),
): Promise<{ settled: string[]; begun: string[]; atOnce: number; error: unknown }> {
  const [settled, begun]: [string[], string[]] = [[], []];
  let [underWay, atOnce, place] = [0, 0, 0];
  const work = async ({ name, parts }: Item): Promise<Worked<Item, string>> => {
    begun.push(name);
    underWay += 1;
    atOnce = Math.max(atOnce, underWay);
    for (let left = turns[place++ % turns.length] ?? 0; left > 0; left -= 1) await Promise.resolve();
    underWay -= 1;
    if (name === "!") throw new Error("failed");
    return parts === undefined ? { result: name } : { instead: parts };
  };
  let error: unknown;
  try {
    await workSideBySide(items, { most, widen }, work, (_, result) => {
      settled.push(result);
      return Promise.resolve();
    });
  } catch (failure) {
    error = failure;
  }
  expect(underWay).toBe(0);
  return { settled, begun, atOnce, error };
}

test("whatever takes how long, all is settled in its order, the parts of an item in its place, and no more is worked on than may be", async () => {
  const turns = fc.array(fc.nat(20), { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 6 }), fc.integer({ min: 1, max: 5 }), turns, async (items, most, taken) => {
      const { settled, atOnce } = await run(items, most, taken);
      expect(settled).toEqual(leavesOf(items));
      expect(atOnce).toBeLessThanOrEqual(most);
    }),
  );
});

test("the parts of one item are worked on as many at once as may be", async () => {
  const parts = ["a", "b", "c", "d"].map((name) => ({ name }));
  expect((await run([{ name: "whole", parts }], 3, [9])).atOnce).toBe(3);
});

test("parts are worked on before what follows; and one after another, as long as what comes before needs the room", async () => {
  const items = [{ name: "whole", parts: [{ name: "a" }, { name: "b" }] }, { name: "c" }];
  const { begun, atOnce } = await run(items, 3, [5], new Promise(() => {}));
  expect([begun, atOnce]).toEqual([["whole", "a", "b", "c"], 1]);
});

test("what comes before a failure is settled, in parts too, and the failure is thrown", async () => {
  const whole = { name: "whole", parts: [{ name: "b" }, { name: "!" }, { name: "c" }] };
  const { settled, error } = await run([{ name: "a" }, whole, { name: "d" }], 2, [3, 1]);
  expect(settled).toEqual(["a", "b"]);
  expect(error).toEqual(new Error("failed"));
});

test("one is settled without waiting for what was settled before it, and all of it has ended in the end", async () => {
  const settled: string[] = [];
  let isLate = true;
  const first = Promise.withResolvers<undefined>();
  const work = ({ name }: Item): Promise<Worked<Item, string>> => Promise.resolve({ result: name });
  const settle = async (_: Item, result: string): Promise<void> => {
    settled.push(result);
    if (result === "b") first.resolve(undefined);
    if (result === "a") await first.promise;
    if (result === "a") isLate = false;
  };
  await workSideBySide([{ name: "a" }, { name: "b" }], { most: 1, widen: Promise.resolve() }, work, settle);
  expect([settled, isLate]).toEqual([["a", "b"], false]);
});

test("what cannot be settled is thrown, and nothing is begun any more", async () => {
  const begun: string[] = [];
  const items = Array.from({ length: 20 }, (_, number) => ({ name: String(number) }));
  const work = async ({ name }: Item): Promise<Worked<Item, string>> => {
    begun.push(name);
    for (let turns = 9; turns > 0; turns -= 1) await Promise.resolve();
    return { result: name };
  };
  const settle = (_: Item, result: string): Promise<void> => (result === "2" ? Promise.reject(new Error("full")) : Promise.resolve());
  await expect(workSideBySide(items, { most: 2, widen: Promise.resolve() }, work, settle)).rejects.toThrow("full");
  expect(begun.length).toBeLessThan(10);
});
