import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { signalText, type Change } from "./signal-text.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signals-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, ...changes: readonly Change[]): void {
  writeFileSync(join(folder, name), signalText(...changes));
}

describe("a folder of signals", () => {
  test("is read in the order of ids, whatever its files are named; other files are left alone", () => {
    write("a.yaml", ["small-signal", "zebra"]);
    write("b.yaml", ["small-signal", "apple"]);
    writeFileSync(join(folder, "versions.json"), "{}");
    expect(readCatalogue(folder).map(({ signal }) => signal.id)).toEqual(["apple", "zebra"]);
  });

  test("may not hold one id twice", () => {
    write("a.yaml");
    write("b.yaml");
    expect(() => readCatalogue(folder)).toThrow(
      'A problem in the signals:\n  b.yaml: its id "small-signal" is also that of a.yaml. Give each signal an id of its own.',
    );
  });

  test("is told of the problems of every file at once", () => {
    write("a.yaml", ["version: 1", "version: 0"]);
    write("b.yaml", ["severity: low", "severity: hihg"]);
    expect(() => readCatalogue(folder)).toThrow(
      '2 problems in the signals:\n  a.yaml:2:10 The first version is 1.\n  b.yaml:4:11 "hihg" is no severity. Did you mean "high"?',
    );
  });
});
