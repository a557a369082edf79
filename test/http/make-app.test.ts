import { request } from "node:http";
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { Router } from "express";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { UserError } from "../../src/domain/user-error.ts";
import type { HttpParts } from "../../src/http/http-parts.ts";
import { makeApp } from "../../src/http/make-app.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const defectId = randomUUID();
const name = "THACKRAY, Olive";

/** An app with one router that fails in several ways. */
async function serve(more: Partial<HttpParts> = {}): Promise<{ url: string; port: number; logged: string[]; done: string[] }> {
  const logged: string[] = [];
  const done: string[] = [];
  const router = Router();
  router.get("/patients/:id", ({ params }) => {
    throw new TypeError(`cannot read ${name} of ${params.id}\n    at ${name}`, { cause: new Error(`NHS number of ${name}`) });
  });
  router.get("/known", () => {
    throw new UserError("finding-not-found", "There is none.", "Look elsewhere.");
  });
  router.get("/other", () => {
    throw new UserError("something-else", "It is odd.", "Make it even.");
  });
  router.post("/done", ({ body }, response) => {
    done.push(JSON.stringify(body));
    response.json({});
  });
  router.get("/long", (_request, response) => {
    response.json({ text: "followed through ".repeat(1000) });
  });
  const parts = {
    db: connection.db,
    clock: () => 0,
    makeId: () => defectId,
    config: loadConfig({ env: {} }),
    log: (text: string) => logged.push(text),
    ...more,
  };
  const server = makeApp(parts, [router]).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, logged, done };
}

/** fetch writes the Host header itself. */
function statusFor(port: number, headers: Record<string, string>, method = "GET", path = "/healthz"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("every answer", () => {
  it("lets no other host in, is kept nowhere, and says nothing of what serves it", async () => {
    const { url } = await serve();
    for (const path of ["/healthz", "/known", "/patients/1", "/nowhere"]) {
      const { headers } = await fetch(url + path);
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none';style-src 'self';img-src 'self' data:;form-action 'self';frame-ancestors 'none';base-uri 'none'",
      );
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  it("is compressed for whoever is far: on this machine that helps nobody but a proxy's client", async () => {
    const { url } = await serve();
    const encodingFor = async (more: Record<string, string>): Promise<string | null> =>
      (await fetch(`${url}/long`, { headers: { "accept-encoding": "gzip", ...more } })).headers.get("content-encoding");
    expect(await encodingFor({ "x-forwarded-for": "10.2.3.4" })).toBe("gzip");
    expect(await encodingFor({})).toBeNull();
  });
});

describe("a defect", () => {
  it("is told by an id alone, and logged under it with its places and causes, and nothing of any patient", async () => {
    const { url, logged } = await serve();
    const response = await fetch(`${url}/patients/4711?patient=Patient/4711`);
    const text = await response.text();
    expect([response.status, response.headers.get("content-type")]).toEqual([500, "application/problem+json; charset=utf-8"]);
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: "defect", instance: `urn:uuid:${defectId}` });
    expect(logged.length).toBe(1);
    expect(logged[0]).toContain(`defect ${defectId}: TypeError in GET /patients/:id\n`);
    expect(logged[0]).toContain("test/http/make-app.test.ts:");
    expect(logged[0]).toContain("caused by Error");
    for (const said of [text, logged[0]!])
      for (const secret of ["THACKRAY", "Olive", "4711", "NHS number"]) expect(said).not.toContain(secret);
  });
});

describe("what a user can mend", () => {
  it("has the status of its code, else 400, with what to do, and is not logged", async () => {
    const { url, logged } = await serve();
    expect(await (await fetch(`${url}/known`)).json()).toEqual({
      type: "/api/#problem-finding-not-found",
      title: "No such finding or case",
      status: 404,
      detail: "There is none.",
      fix: "Look elsewhere.",
      code: "finding-not-found",
    });
    expect(await (await fetch(`${url}/other`)).json()).toMatchObject({ status: 400, code: "something-else", fix: "Make it even." });
    expect(await (await fetch(`${url}/nowhere`)).json()).toMatchObject({ status: 404, code: "path-unknown" });
    expect(logged).toEqual([]);
  });
});

describe("a request from elsewhere", () => {
  it.each([
    ["localhost", 200],
    ["localhost:8080", 200],
    ["127.0.0.1:8080", 200],
    ["127.9.9.9", 200],
    ["[::1]:8080", 200],
    ["LOCALHOST", 200],
    ["ward.trust.example:8443", 200],
    ["evil.example", 421],
    ["localhost.evil.example", 421],
    ["127.0.0.1.evil.example", 421],
    ["trust.example", 421],
    ["192.168.1.2", 421],
    ["localhost@evil.example", 421],
    ["[", 421],
  ])("for the host %s is answered with %d", async (host, status) => {
    const { port } = await serve({ hosts: ["Ward.trust.example"] });
    expect(await statusFor(port, { host })).toBe(status);
  });

  it.each([
    [{}, 200],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "same-origin", origin: "null" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "cross-site", origin: "http://localhost:1" }, 403],
    [{ origin: "http://localhost:1" }, 200],
    [{ origin: "http://localhost:2" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "nonsense" }, 403],
  ])("that would change something, with %j, is answered with %d", async (headers, status) => {
    const { port, done } = await serve();
    expect(await statusFor(port, { host: "localhost:1", ...headers }, "POST", "/done")).toBe(status);
    expect(done.length).toBe(status === 200 ? 1 : 0);
  });

  it("may read: nothing is changed by that, and no other page is given the answer", async () => {
    const { port } = await serve();
    expect(await statusFor(port, { host: "localhost", "sec-fetch-site": "cross-site" })).toBe(200);
  });
});

describe("a body", () => {
  it("is refused where it is too large, before anything is done", async () => {
    const { url, done } = await serve();
    const body = JSON.stringify({ text: "x".repeat(200_000) });
    const response = await fetch(`${url}/done`, { method: "POST", body, headers: { "content-type": "application/json" } });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, "request-too-large"]);
    expect(done).toEqual([]);
  });

  it("may be a form", async () => {
    const { url, done } = await serve();
    await fetch(`${url}/done`, { method: "POST", body: new URLSearchParams("step=take&finding=a&finding=b") });
    expect(done).toEqual(['{"step":"take","finding":["a","b"]}']);
  });
});
