import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { answerProblems } from "../../src/http/answer-problems.ts";
import { healthRouter } from "../../src/http/health-router.ts";
import type { Db } from "../../src/store/db.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function ask(db: Db, path: string): Promise<unknown[]> {
  const app = express();
  app.use(healthRouter({ db }), answerProblems({ log: () => undefined, makeId: () => "" }));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const body = (await response.json()) as { status: unknown; detail?: string };
  server.close();
  return [response.status, body.detail ?? body.status];
}

describe("whoever watches the process", () => {
  it("is told that it lives, and that its database can be worked with", async () => {
    const { db, close } = await scratchDatabase();
    closing.push(close);
    expect(await ask(db, "/healthz")).toEqual([200, "ok"]);
    expect(await ask(db, "/readyz")).toEqual([200, "ready"]);
    await db
      .updateTable("migration" as never)
      .set({ sha256: "another" } as never)
      .execute();
    expect(await ask(db, "/readyz")).toEqual([503, "The database is not as this version needs it."]);
  });

  it("is told that nothing has been migrated yet, and that nothing is migrated by asking", async () => {
    const { db, close } = await connect({ dataDir: "memory:" });
    closing.push(close);
    expect(await ask(db, "/readyz")).toEqual([503, "The database is not as this version needs it."]);
    expect(await ask(db, "/readyz")).toEqual([503, "The database is not as this version needs it."]);
  });

  it("is told that it lives though its database does not answer", async () => {
    const { db, close } = await scratchDatabase();
    await close();
    expect(await ask(db, "/healthz")).toEqual([200, "ok"]);
    expect(await ask(db, "/readyz")).toEqual([503, "The database does not answer."]);
  });
});
