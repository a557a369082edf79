import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { TruthLoop } from "../../src/simulate/truth/loop.ts";
import { toldOverGiven } from "../../src/simulate/truth/tell-truth.ts";
import { runHere } from "../commands/command-line-here.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { compareLoops } from "../quality/compare-loops.ts";
import { scanSimulated } from "../quality/scan-sample.ts";
import { writePopulation } from "./given-population.ts";
import { withFolder } from "./with-folder.ts";

const connection = await scratchDatabase();
afterAll(() => connection.close());

test.each(["balp", "task-only"])(
  "staff laid over records that exist already: the scan agrees with the truth on every loop (%s)",
  async (dialect) => {
    await withFolder((given) =>
      withFolder(async (out) => {
        writePopulation(given, 30);
        const ended = await runHere(
          {},
          "simulate",
          "--over",
          given,
          "--days",
          "60",
          "--dialect",
          dialect,
          "--audit-events",
          "0",
          "--out",
          out,
          "--json",
        );
        expect(ended).toMatchObject({ code: 0, stderr: "" });
        const { now } = JSON.parse(ended.stdout) as { now: string };
        const names = readdirSync(out);
        expect(names).toEqual(expect.arrayContaining(["given-DiagnosticReport.ndjson", "Task.ndjson", "truth.ndjson"]));
        expect(names).not.toContain("given-Claim.ndjson");
        expect(readFileSync(join(out, "given-DiagnosticReport.ndjson"), "utf8")).toBe(
          readFileSync(join(given, "DiagnosticReport.ndjson"), "utf8"),
        );

        const { truth, found } = await scanSimulated(connection, out, Date.parse(now));
        const compared = compareLoops(
          truth,
          found.filter(({ signal }) => toldOverGiven.includes(signal)),
        );
        expect(compared.filter(({ standing, isExact }) => standing !== "agree" || !isExact)).toEqual([]);
        const verdicts = new Set(truth.map(({ signal, verdict }: TruthLoop) => `${signal} ${verdict}`));
        expect([...verdicts]).toEqual(
          expect.arrayContaining([
            "result-unacknowledged met",
            "result-unacknowledged missed",
            "result-unacknowledged late",
            "critical-uncommunicated met",
          ]),
        );
      }),
    );
  },
);

test("a folder without a result is refused with what to name instead", async () => {
  await withFolder((empty) =>
    withFolder(async (out) => {
      const { code, stderr } = await runHere({}, "simulate", "--over", empty, "--out", out);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/says when it was issued[\s\S]*DiagnosticReport\.ndjson/) as string,
      });
    }),
  );
});
