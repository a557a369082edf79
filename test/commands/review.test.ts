import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { register as registerFindings } from "../../src/commands/findings.ts";
import { register } from "../../src/commands/review.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { runInProcess, type Ran } from "./run-in-process.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
});
afterAll(() => connection.close());

const review = (...args: string[]): Promise<Ran> => runInProcess(connection, register, ["review", ...args]);
async function findings(...args: string[]): Promise<Finding[]> {
  const { out } = await runInProcess(connection, registerFindings, ["findings", "--json", "--all", ...args]);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Finding);
}

describe("review", () => {
  it("records a step on one finding and prints where it now stands", async () => {
    const [finding] = await findings("--subject", "DiagnosticReport/inr-hh", "--signal", "result-unacknowledged");
    expect(await review(finding!.id, "take")).toEqual({
      out: "DiagnosticReport/inr-hh, result-unacknowledged (missed): in-review\n",
      err: "",
      code: 0,
    });
    expect((await review(finding!.id.toUpperCase(), "dismiss", "--reason", "known", "--verdict", "missed", "--json")).out).toBe(
      `${JSON.stringify({ id: finding!.id, subject: "DiagnosticReport/inr-hh", signal: "result-unacknowledged", verdict: "missed", status: "dismissed", statusReason: null })}\n`,
    );
    expect((await findings("--status", "dismissed")).map(({ id, reviews }) => [id, reviews])).toEqual([[finding!.id, 2]]);
  });

  it("records it on everything of a case, named by its order or by any record of it", async () => {
    await review("ServiceRequest/ct-chest", "confirm");
    expect((await findings("--status", "confirmed")).map(({ subject, signal }) => `${subject} ${signal}`).sort()).toEqual([
      "DiagnosticReport/ct-chest result-no-action",
      "DiagnosticReport/ct-chest result-unacknowledged",
    ]);
    await review("DiagnosticReport/ct-chest", "close");
    expect((await findings("--status", "closed")).length).toBe(2);
  });

  it("refuses what it cannot do, with what can be done", async () => {
    const [finding] = await findings("--subject", "DiagnosticReport/sodium-112");
    await expect(review(finding!.id, "dismis")).rejects.toMatchObject({
      code: "unknown-step",
      message: '"dismis" is no step of a review. Did you mean "dismiss"?',
    });
    await expect(review(finding!.id, "dismiss")).rejects.toMatchObject({ code: "reason-needed" });
    await expect(review(finding!.id, "take", "--verdict", "unknown")).rejects.toMatchObject({ code: "finding-moved-on" });
    await expect(review(finding!.id, "reopen")).rejects.toMatchObject({
      code: "step-not-allowed",
      message: '"reopen" is not possible: this finding is open.',
    });
    await expect(review("ServiceRequest/none", "take")).rejects.toMatchObject({ code: "finding-not-found" });
    await expect(review("ServiceRequest/sodium-112", "take", "--site", "nroth")).rejects.toMatchObject({
      code: "unknown-site",
      message: 'There is no site "nroth". Did you mean "north"?',
    });
    expect((await findings("--subject", "DiagnosticReport/sodium-112")).map(({ status, reviews }) => [status, reviews])).toEqual([
      ["open", 0],
      ["open", 0],
    ]);
  });
});
