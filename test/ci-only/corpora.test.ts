import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { register as registerDoctor } from "../../src/commands/doctor.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { RunFeed } from "../../src/domain/scan-summary.ts";
import { environmentOf, runFollowthrough } from "../commands/run-followthrough.ts";
import { runInProcess } from "../commands/run-in-process.ts";
import { scratchDatabase, scratchPlace } from "../db/scratch-database.ts";
import { countByType, isVisitNote, listResources, type Found } from "./count-resources.ts";
import { listLoops, scanFolder } from "./scan-folder.ts";

/** Files of public repositories: not ours to copy, so they stand beside the project and only CI has them. */
const corpora = process.env["CORPORA"] ?? join(import.meta.dirname, "../../../shared/corpora");
const folders = readdirSync(corpora, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

type FeedCounts = Omit<RunFeed, "source">;

function readByType(feeds: readonly FeedCounts[]): Record<string, number> {
  return Object.fromEntries(feeds.filter(({ read }) => read > 0).map(({ type, read }) => [type, read]));
}

function expectNothingLost(feeds: readonly FeedCounts[], found: readonly Found[]): void {
  expect(feeds.filter((feed) => feed.read !== feed.stored + feed.duplicate + feed.quarantined + feed.expired + feed.skipped)).toEqual([]);
  expect(readByType(feeds)).toEqual(countByType(found));
}

/**
 * Every loop of the public examples that is late or missed, looked at one by one: each is a Task whose newest version
 * waits (requested, in progress, on hold …), and whose own due date, or our limit by its priority, passed before the
 * latest time that its folder carries: a folder that says nothing of its coverage is assumed to hold every Task up to there.
 */
const lookedAt: Readonly<Record<string, string[]>> = {
  "davinci-cdex": ["1", "4", "6", "10", "11", "13", "15", "17", "21"].flatMap((n) => [
    `cdex-task-example${n}`,
    `cdex-task-inline-example${n}`,
  ]),
  "hl7-r4-examples": ["example1", "example2", "example5", "fm-example1", "fm-example2", "fm-example3", "fm-example4", "fm-example5"],
  "hl7-r5-examples": ["example1", "example2", "example5", "fm-example1", "fm-example2", "fm-example3", "fm-example4", "fm-example5"],
  "hl7-stu3-examples": ["example1", "example2", "example5"],
};

const isOver = ["completed", "cancelled", "rejected", "failed", "entered-in-error", "draft"];

describe("each folder of public examples, in one database, whatever its age", () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await scratchDatabase();
  });
  afterAll(() => connection.close());

  test.each(folders)("%s: nothing is lost, nothing indefensible is said, and again nothing changes", async (folder) => {
    const found = [...listResources(join(corpora, folder))];
    const first = await scanFolder(connection, folder, join(corpora, folder));
    expectNothingLost(first.feeds, found);
    expect(first.feeds.reduce((sum, feed) => sum + feed.expired, 0)).toBe(0);

    const loops = await listLoops(connection, folder);
    const said = loops.filter(({ verdict, beforeWatch }) => !beforeWatch && (verdict === "late" || verdict === "missed"));
    const expected = (lookedAt[folder] ?? []).map((id) => `task-overdue missed Task/${id}`);
    expect(said.map(({ signal, verdict, subject }) => `${signal} ${verdict} ${subject}`).toSorted()).toEqual(expected.toSorted());
    const statuses = said.flatMap(({ subject }) =>
      found
        .filter(({ type, resource }) => `${type}/${String(resource?.["id"])}` === subject)
        .map(({ resource }) => String(resource?.["status"])),
    );
    expect(statuses.filter((status) => isOver.includes(status))).toEqual([]);
    expect(said.filter(({ dueAt }) => dueAt > first.run.now)).toEqual([]);

    const notes = new Set(found.filter(isVisitNote).map(({ resource }) => `DiagnosticReport/${String(resource?.["id"])}`));
    expect(loops.filter(({ subject }) => notes.has(subject))).toEqual([]);

    const second = await scanFolder(connection, folder, join(corpora, folder));
    expect(second.run.now).toBe(first.run.now);
    expect(readByType(second.feeds)).toEqual(readByType(first.feeds));
    expect(second.feeds.filter(({ stored }) => stored > 0)).toEqual([]);
    expect(await listLoops(connection, folder)).toEqual(loops);
    expect(second.signals).toEqual(first.signals);

    const doctor = await runInProcess(connection, registerDoctor, ["doctor", "--site", folder]);
    expect(doctor.err).toBe("");
    expect([0, 3]).toContain(doctor.code);
    expect(doctor.out).toContain(folder);
  });
});

describe("through the real command line, on default settings", () => {
  test.each(["nhs-eps", "gematik-erezept", "hl7-r4-examples"])(
    "%s: read, judged, read again and examined without a fault",
    async (folder) => {
      const place = await scratchPlace();
      const run = (...args: string[]) => runFollowthrough(environmentOf(place), args);
      try {
        const scan = async () => {
          const ended = await run("scan", "--from", join(corpora, folder), "--json");
          expect([0, 3]).toContain(ended.code);
          expect(ended.stderr).toBe("");
          return JSON.parse(ended.stdout) as { feeds: FeedCounts[]; signals: object[] };
        };
        const first = await scan();
        const found = [...listResources(join(corpora, folder))];
        expectNothingLost(first.feeds, found);
        const listed = await run("findings", "--all", "--json");
        expect([0, 3]).toContain(listed.code);

        const second = await scan();
        expectNothingLost(second.feeds, found);
        // What is older than the retention line is read, dropped and counted each time.
        expect(second.feeds.filter(({ stored }) => stored > 0)).toEqual([]);
        expect(second.signals).toEqual(first.signals);
        expect((await run("findings", "--all", "--json")).stdout).toBe(listed.stdout);

        const doctor = await run("doctor");
        expect([0, 3]).toContain(doctor.code);
        expect(doctor.stderr).toBe("");
      } finally {
        await place.remove();
      }
    },
  );
});
