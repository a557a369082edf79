import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { readAhead } from "../../src/worker/read-ahead.ts";

async function* count(to: number, noted: string[] = []): AsyncGenerator<number> {
  for (let number = 1; number <= to; number += 1) {
    noted.push(`given ${number}`);
    yield await Promise.resolve(number);
  }
}

test("in their order, whichever is read first", async () => {
  const read = readAhead(count(5), 2, async (number) => {
    await sleep(number % 2 === 1 ? 20 : 0);
    return number * number;
  });
  const all: unknown[] = [];
  for await (const each of read) all.push(each);
  expect(all).toEqual([1, 2, 3, 4, 5].map((item) => ({ item, found: item * item })));
});

test.each([0, 1, 2])("for %i ahead of the one that is worked on, and no more", async (most) => {
  let [underWay, atOnce, worked] = [0, 0, 0];
  const begun: number[] = [];
  const read = readAhead(count(6), most, async (number) => {
    begun.push(number);
    atOnce = Math.max(atOnce, (underWay += 1));
    await sleep(1);
    underWay -= 1;
  });
  for await (const { item } of read) {
    worked += 1;
    expect(item).toBe(worked);
    await sleep(5);
    expect(begun).toHaveLength(Math.min(6, worked + most));
  }
  expect({ worked, atOnce }).toEqual({ worked: 6, atOnce: most + 1 });
});

test("what fails is thrown in its turn, when all that was begun has ended; nothing is begun after it", async () => {
  const noted: string[] = [];
  const read = readAhead(count(9, noted), 2, async (number) => {
    if (number === 2) throw new Error("2 cannot be read");
    await sleep(10 * number);
    noted.push(`read ${number}`);
  });
  const worked: number[] = [];
  const all = async (): Promise<void> => {
    for await (const { item } of read) worked.push(item);
  };
  await expect(all()).rejects.toThrow("2 cannot be read");
  expect(worked).toEqual([1]);
  expect(noted.filter((note) => note.startsWith("given"))).toHaveLength(4);
  expect(noted.slice(-2)).toEqual(["read 3", "read 4"]);
});

test("who stops half-way waits for what was begun", async () => {
  let underWay = 0;
  const read = readAhead(count(9), 2, async () => {
    underWay += 1;
    await sleep(10);
    underWay -= 1;
  });
  for await (const { item } of read) if (item === 2) break;
  expect(underWay).toBe(0);
});
