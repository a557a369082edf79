import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines, type Line } from "../../src/fhir/read-lines.ts";

async function read(bytes: Buffer, sizes: readonly number[]): Promise<Line[]> {
  async function* cut(): AsyncGenerator<Buffer> {
    for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
      const end = start + (sizes[turn % sizes.length] ?? 1);
      yield await Promise.resolve(bytes.subarray(start, end));
      start = end;
    }
  }
  const lines: Line[] = [];
  for await (const some of readLines(cut())) lines.push(...some);
  return lines;
}

const lines = fc.constantFrom<string | readonly number[]>(
  "{}",
  "",
  "é漢",
  "\uFEFF{}",
  '{"a":"\u{1f600}"}\r',
  [0xff],
  [0xc3],
  [0x7b, 0xe4, 0x7d],
);

test("the same lines come of the same bytes, however they are cut, and a bad line spoils no other", async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 1 }), fc.boolean(), cuts, async (written, ended, sizes) => {
      const bytes = Buffer.concat(written.flatMap((line, place) => [Buffer.from(place > 0 ? "\n" : ""), Buffer.from(line)]));
      const whole = ended ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes;
      const expected = written.map((line, place) => {
        const isLast = place === written.length - 1;
        if (isLast && !ended && line.length === 0) return [];
        const said =
          typeof line === "string"
            ? { text: line.replace(/^\uFEFF/, "") }
            : { text: Buffer.from(line).toString("latin1"), fault: "not-utf8" };
        return [{ number: place + 1, ...said, ended: ended || !isLast }];
      });
      expect(await read(whole, sizes)).toEqual(expected.flat());
      expect(await read(whole, [whole.length])).toEqual(expected.flat());
    }),
  );
});
