import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endpoints } from "../../src/api/endpoints.ts";
import type { Connection } from "../../src/db/connect.ts";
import { problemKinds } from "../../src/http/problem-kinds.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { apiHere, type ApiHere } from "./api-here.ts";
import { documentValidator } from "./document-validator.ts";

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}
interface Schema {
  readonly properties?: Readonly<Record<string, { readonly type?: string; readonly $ref?: string }>>;
  readonly required?: readonly string[];
}
type Document = { readonly openapi: string; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } & Parameters<
  typeof documentValidator
>[0];

let connection: Connection;
let api: ApiHere;
let document: Document;
beforeAll(async () => {
  connection = await scratchDatabase();
  api = await apiHere(connection);
  document = (await (await fetch(`${api.url}/api/openapi.json`)).json()) as Document;
});
afterAll(async () => {
  await api.close();
  await connection.close();
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe("the published document", () => {
  it("names every endpoint once", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(
      operations()
        .map(({ path, method }) => `${method} ${path}`)
        .sort(),
    ).toEqual(endpoints.map(({ path, method }) => `${method} /api/v1${path}`).sort());
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("getFindingsIdReviews");
  });

  it("says with every list what was seen, always", () => {
    const lists = operations().flatMap(({ path, operation }) => {
      const schema = operation.responses["200"]?.content["application/json"]?.schema;
      return schema && Object.values(schema.properties ?? {}).some(({ type }) => type === "array") && !path.endsWith("/reviews")
        ? [{ path, schema }]
        : [];
    });
    expect(lists.map(({ path, schema }) => [path, schema.properties?.["seen"]?.$ref, schema.required?.includes("seen")])).toEqual(
      lists.map(({ path }) => [path, "#/components/schemas/Seen", true]),
    );
    expect(lists.length).toBeGreaterThanOrEqual(8);
  });

  it("leaves room for fields that follow, and none for misspelt ones in what it is sent", () => {
    const text = JSON.stringify(document);
    const { paths, components } = document as unknown as {
      paths: Record<string, Record<string, { requestBody?: unknown }>>;
      components: object;
    };
    const bodies = Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ requestBody }) => requestBody ?? []));
    expect(bodies.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(components)).not.toContain('"additionalProperties":false');
    expect(bodies.map((body) => JSON.stringify(body).includes('"additionalProperties":false'))).toEqual(bodies.map(() => true));
    // Whoever may follow a reference finds what it names.
    const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!);
    expect(names.filter((name) => !(name in (document.components.schemas as object)))).toEqual([]);
  });

  it("is held against answers by a validator that can fail", () => {
    const faults = documentValidator(document);
    const seen = { complete: true, upTo: null, warning: null, sites: [] };
    expect(faults("GET", "/api/v1/signals", 200, { signals: [], series: [], seen })).toEqual([]);
    expect(faults("GET", "/api/v1/signals", 200, { signals: [], series: [] })).not.toEqual([]);
    expect(faults("GET", "/api/v1/signals", 200, { signals: [], series: [], seen: { ...seen, more: 1 } })).not.toEqual([]);
    expect(faults("GET", "/api/v1/signals", 200, { signals: [], series: [], seen: { ...seen, upTo: "yesterday" } })).not.toEqual([]);
    expect(faults("GET", "/api/v1/signals", 418, {})).toEqual(["the document knows no 418 of GET /api/v1/signals"]);
  });
});

describe("the page of the API", () => {
  it("tells every endpoint, schema and problem, without script and without another host", async () => {
    const response = await fetch(`${api.url}/api`);
    const page = await response.text();
    expect([response.url, response.status, response.headers.get("content-type")]).toEqual([
      `${api.url}/api/`,
      200,
      "text/html; charset=utf-8",
    ]);
    for (const { path, method } of endpoints) expect(page).toContain(`<code>${method.toUpperCase()} /api/v1${path}</code></h2>`);
    for (const code of [...Object.keys(problemKinds), "defect"]) expect(page).toContain(`id="problem-${code}"`);
    expect(page).not.toMatch(/<script|<style|style=|https?:/);
    const anchors = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor!);
    expect(anchors.filter((anchor) => !page.includes(`id="${anchor}"`))).toEqual([]);
  });

  it("links only to what is there", async () => {
    const page = await (await fetch(`${api.url}/api/`)).text();
    const links = [...page.matchAll(/(?:href|src)="(\/api[^"#]*)"/g)].map(([, link]) => link!);
    const answers = await Promise.all(links.map(async (link) => [link, (await fetch(api.url + link)).status]));
    expect(answers).toEqual(links.map((link) => [link, 200]));
    expect((await fetch(`${api.url}/api/reference.css`)).headers.get("content-type")).toBe("text/css; charset=utf-8");
  });
});
