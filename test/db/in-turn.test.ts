import { expect, test } from "vitest";
import { InTurn } from "../../src/db/in-turn.ts";

/** Turns that note when each begins, and end when they are told to. */
function noting() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const turns = new InTurn((begin) => {
    log.push("(");
    begin();
    log.push(")");
  });
  const ask = (name: string, how?: { isFirst?: boolean; isLong?: boolean }): Promise<string> =>
    turns.run(() => {
      log.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    }, how);
  const end = async (...names: string[]): Promise<void> => {
    for (const name of names) ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { log, turns, ask, end };
}

test("what is asked at the same time is begun together, up to what takes long; the next when all of it has ended", async () => {
  const { log, ask, end } = noting();
  const answers = [ask("a"), ask("b", { isLong: true }), ask("c"), ask("d")];
  await end();
  expect(log.join("")).toBe("(ab)");
  await end("b");
  expect(log.join("")).toBe("(ab)");
  await end("a");
  expect(log.join("")).toBe("(ab)(cd)");
  await end("c", "d");
  expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d"]);
});

test("what is to be first goes before what waits, in its own order, and not between what has begun", async () => {
  const { log, ask, end } = noting();
  void ask("a", { isLong: true });
  void ask("b");
  await end();
  void ask("x", { isFirst: true });
  void ask("y", { isFirst: true });
  void ask("c");
  await end("a");
  await end("x", "y");
  expect(log.join("")).toBe("(a)(xy)(bc)");
});

test("what fails, now or later, is heard of by whoever asked, and what follows is done", async () => {
  const { log, turns, ask, end } = noting();
  const failing = turns.run(() => Promise.reject(new Error("no")), { isLong: true });
  const throwing = turns.run(
    () => {
      throw new Error("not even begun");
    },
    { isLong: true },
  );
  const after = ask("a");
  await expect(failing).rejects.toThrow("no");
  await expect(throwing).rejects.toThrow("not even begun");
  await end();
  await end("a");
  expect(await after).toBe("a");
  // When all is done, the next to be asked is begun as the first was.
  void ask("b");
  await end();
  expect(log.join("")).toBe("()()(a)(b)");
});
