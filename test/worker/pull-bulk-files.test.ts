import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { ServerAccess } from "../../src/config/server-access.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { findQuarantinedWhole, listQuarantinePage } from "../../src/store/quarantine-page.ts";
import { replayQuarantine } from "../../src/worker/replay.ts";
import { startOddServer } from "../fhir/odd-server.ts";
import { observation, order, patient, report, task, verify } from "../store/small-ward.ts";
import type { Disturbance } from "./disturbing-proxy.ts";
import { creditOf, readOf, wholeExport } from "./scan-server.ts";
import { connection, failuresOf, proxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { askedFor, creditsOfWard, exportWard, midnight, types, whole } from "./exported-ward.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const ward = [patient("k"), report("k"), observation("k", "HH"), verify("k", "2026-03-01T10:00:00Z"), task("t"), task("u"), order("o")];

interface Manifest {
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
}

/** Lets the server's exports have another manifest, other files (told by what stands in them), and this as its errors. */
function alter({
  manifest = (said) => said,
  file = (text) => text,
  error,
}: {
  readonly manifest?: (said: Manifest) => object;
  readonly file?: (text: string) => string;
  readonly error?: object;
}): void {
  const isManifest = (text: string): boolean => text.includes('"transactionTime"');
  proxy.disturb((path): Disturbance | undefined => {
    if (path === "$export-file/errors") {
      return { status: 200, headers: { "content-type": "application/fhir+ndjson" }, ...(error && { body: error }) };
    }
    if (path.startsWith("$export-file")) return { becomes: file };
    if (!path.startsWith("$export-poll-status")) return undefined;
    return { becomes: (text) => (isManifest(text) ? JSON.stringify(manifest(JSON.parse(text) as Manifest)) : text) };
  });
}
const isTask = (text: string): boolean => text.includes('"resourceType":"Task"');

test.each([
  ["fewer", (text: string) => `${text.split("\n")[0]!}\n`, "gave 1 of the 2 resources of a file of its export", "Task 1/1"],
  ["more", (text: string) => text + text.replaceAll('"id":"t"', '"id":"v"'), "gave 4 resources in a file that it said held 2", "Task 3/4"],
])(
  "a file that holds %s resources than it should is a gap of its type, and told; what it holds is taken",
  async (_, change, reason, read) => {
    await serveWard(proxy, ward, { at: midnight });
    alter({ file: (text) => (isTask(text) ? change(text) : text) });
    const summary = await exportWard();
    expect([summary.run.state, failuresOf(summary)]).toEqual(["incomplete", [`Task: ${reason}`]]);
    expect(readOf(summary)).toContain(read);
    expect(await creditsOfWard()).toEqual([[whole], [whole], []]);
    proxy.forget();
    expect([(await exportWard()).run.state, await creditOf(connection, "Task")]).toEqual(["complete", [whole]]);
  },
);

test("a file that ends in the middle of a line is a gap of its type once it has done so in four scans; no letter of that line is taken", async () => {
  await serveWard(proxy, ward, { at: midnight });
  alter({
    manifest: ({ output, ...rest }) => ({ ...rest, output: output.map(({ count: _count, ...file }) => file) }),
    file: (text) => (isTask(text) ? text.slice(0, -20) : text),
  });
  for (const number of [1, 2, 3]) {
    const summary = await exportWard();
    expect([number, new Set(failuresOf(summary).map((each) => each.replace(/^\w+: /, "")))]).toEqual([
      number,
      new Set(["cut a file of its export short"]),
    ]);
    expect(await creditsOfWard()).toEqual([[], [], []]);
  }
  // The same export all the while: then it goes without the file, and asks for that type alone, last.
  expect(askedFor("$export?")).toHaveLength(1);
  await exportWard();
  expect(askedFor("$export?").map((path) => /_type=(.*)/.exec(path)?.[1])).toEqual([
    "Patient,ServiceRequest,Task",
    "Patient,ServiceRequest",
    "Task",
  ]);
  expect(await creditsOfWard()).toEqual([[whole], [whole], []]);
  const held = await connection.db.selectFrom("record").select("id").where("type", "=", "Task").execute();
  expect(held.map(({ id }) => id)).toEqual(["t"]);
  proxy.forget();
  expect([(await exportWard()).run.state, await creditOf(connection, "Task")]).toEqual(["complete", [whole]]);
});

const words = "Records of Quirina Zwartz could not be read";

test.each([
  ["a type", { expression: ["Task/t"] }, [[whole], [whole], []], ["Task"]],
  ["none", {}, [[], [], []], types],
])(
  "an error file without a type, that names %s, is a gap; its words are kept in quarantine and said nowhere",
  async (_, more, credited, missing) => {
    await serveWard(proxy, ward, { at: midnight });
    alter({
      manifest: (said) => ({ ...said, error: [{ url: `${proxy.url}/$export-file/errors` }] }),
      error: { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "processing", diagnostics: words, ...more }] },
    });
    const summary = await exportWard();
    expect(failuresOf(summary)).toEqual(missing.map((type) => `${type}: says that its export left some of it out (processing)`));
    expect(await creditsOfWard()).toEqual(credited);
    const { quarantined } = await listQuarantinePage(connection.db, everyone, {}, { limit: 2 });
    expect(quarantined.map(({ code }) => code)).toEqual(["left-out"]);
    expect(inspect([summary, quarantined], { depth: 9 })).not.toContain("Zwartz");
    expect((await findQuarantinedWhole(connection.db, everyone, quarantined[0]!.key))?.body).toContain(words);
    await replayQuarantine(
      connection,
      { config: siteConfig(loadConfig({ env: {} }), "default") },
      { clock: proxy.clock, makeId: randomUUID, random: () => 0 },
    );
    expect((await listQuarantinePage(connection.db, everyone, {}, { limit: 2 })).quarantined).toHaveLength(1);
    proxy.forget();
    // Once all is given, there is nothing left to read about.
    expect((await exportWard()).run.state).toBe("complete");
    expect((await listQuarantinePage(connection.db, everyone, {}, { limit: 2 })).quarantined).toEqual([]);
  },
);

test("files on another host are fetched without a token, where the server wants none and the host is known; else not at all", async () => {
  await serveWard(proxy, ward, { at: midnight });
  const elsewhere = await startOddServer(() => ({
    headers: { "Content-Type": "application/fhir+ndjson" },
    body: JSON.stringify(task("far")),
  }));
  let requiresAccessToken = true;
  alter({
    manifest: ({ output, ...rest }) => ({
      ...rest,
      requiresAccessToken,
      output: output.map((file) => (file.type === "Task" ? { ...file, url: `${elsewhere.origin}/signed?key=s`, count: 1 } : file)),
    }),
  });
  const access: ServerAccess = { credentials: { kind: "bearer", token: "our-token" } };
  const known = { access, bulk: { ...wholeExport, fileHosts: [elsewhere.origin] } };
  await expect(exportWard(known)).rejects.toMatchObject({
    code: "bulk-file-elsewhere",
    message: expect.stringContaining("wants its own") as string,
  });
  requiresAccessToken = false;
  await expect(exportWard({ access })).rejects.toMatchObject({
    fix: expect.stringContaining(`add ${elsewhere.origin} to bulk.fileHosts`) as string,
  });
  expect(elsewhere.asked).toEqual([]);
  // The same export, once the configuration says so.
  const summary = await exportWard(known);
  expect([summary.run.state, readOf(summary), askedFor("$export?").length]).toEqual([
    "complete",
    ["Patient 1/1", "ServiceRequest 1/1", "Task 1/1"],
    2,
  ]);
  expect(elsewhere.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([["/signed", undefined]]);
});
