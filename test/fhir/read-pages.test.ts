import { expect, test } from "vitest";
import { readPages } from "../../src/fhir/read-pages.ts";
import { searchIds } from "../../src/fhir/search.ts";
import { bundle, match, openOdd, startOddServer, type Answering, type OddServer } from "./odd-server.ts";

const patient = (id: string): object => match({ resourceType: "Patient", id });

/** A server of three pages whose links are written as `link` says; the token goes with every question. */
async function readLinked(base: string, link: (server: OddServer, page: number) => string): Promise<{ ids: string[]; server: OddServer }> {
  const pages: Answering = ({ query }) => {
    const page = Number(query.get("page") ?? 0);
    return { body: bundle({ entry: [patient(`p${page}`)], ...(page < 2 && { next: link(server, page + 1) }) }) };
  };
  const server: OddServer = await startOddServer(pages);
  const { server: ours } = openOdd(`${server.origin}${base}`, {}, { credentials: { kind: "bearer", token: "secret" } });
  const ids: string[] = [];
  for await (const { resource } of searchIds(ours, "Patient", ["x"])) ids.push(String(resource["id"]));
  return { ids, server };
}

test.each<[how: string, base: string, link: (server: OddServer, page: number) => string]>([
  ["as it should", "/fhir", ({ origin }, page) => `${origin}/fhir?page=${page}`],
  ["with https for http", "/fhir", ({ origin }, page) => `${origin.replace("http:", "https:")}/fhir?page=${page}`],
  ["with a doubled port", "/fhir", ({ origin }, page) => `${origin}:8080/fhir?page=${page}`],
  ["as a path", "/fhir", (_, page) => `/fhir?page=${page}`],
  ["as a relative path", "/fhir", (_, page) => `Patient?page=${page}`],
  ["as a query", "/fhir", (_, page) => `?page=${page}`],
  ["without a scheme", "/fhir", (_, page) => `//elsewhere.example/fhir?page=${page}`],
  ["of an internal host", "/fhir", (_, page) => `http://hapi-0.internal:8080/fhir?page=${page}`],
  ["of an internal host that nests the base", "/R4", (_, page) => `http://hapi:8080/hapi-fhir-jpaserver/R4?page=${page}`],
  ["of an internal host with another path", "/gateway/epr", (_, page) => `http://hapi:8080/fhir/Patient?page=${page}`],
  ["of an internal host without a path", "/gateway/epr", (_, page) => `http://hapi:8080?page=${page}`],
  ["at a base without a path", "", ({ origin }, page) => `${origin}/?page=${page}`],
])("page links written %s are followed, at our server alone and below its base", async (_, base, link) => {
  const { ids, server } = await readLinked(base, link);
  expect(ids).toEqual(["p0", "p1", "p2"]);
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer secret", "Bearer secret", "Bearer secret"]);
  for (const { path } of server.asked) expect(path.startsWith(base)).toBe(true);
});

test("a page link to another server is asked for at our own: the other hears nothing, and no token", async () => {
  const other = await startOddServer(() => ({ body: bundle({ entry: [patient("stolen")] }) }));
  const { ids } = await readLinked("/fhir", (_, page) => `${other.origin}/fhir?page=${page}`);
  expect(ids).toEqual(["p0", "p1", "p2"]);
  expect(other.asked).toEqual([]);
});

test.each(["/admin", "/fhir/../admin", "http://other.example/admin", "mailto:a@b"])(
  "a page link that leads out of the base (%s) is refused",
  async (link) => {
    await expect(readLinked("/fhir", () => link)).rejects.toMatchObject({
      kind: "pages",
      reason: expect.stringContaining("elsewhere") as string,
    });
  },
);

async function countPages(answering: Answering): Promise<number> {
  const { origin } = await startOddServer(answering);
  let pages = 0;
  for await (const _ of readPages(openOdd(`${origin}/fhir`).server, { path: "Patient", matches: 0 })) pages += 1;
  return pages;
}

test.each([1, 2, 3, 7])("pages that lead back to the first after %i are a failure, and no endless reading", async (length) => {
  const circle = countPages(({ query }) => {
    const page = Number(query.get("page") ?? 0);
    return { body: bundle({ entry: [patient(`p${page}`)], next: `?page=${(page + 1) % length}` }) };
  });
  await expect(circle).rejects.toMatchObject({ kind: "pages", reason: "links its pages in a circle" });
});

test.each([404, 410])(
  "a link that the server no longer knows (%i) is a matter of its pages, not of what was searched for",
  async (status) => {
    const expired = countPages(({ number }) => (number === 0 ? { body: bundle({ entry: [patient("a")], next: "?page=1" }) } : { status }));
    await expect(expired).rejects.toMatchObject({ kind: "pages", status, reason: `answered HTTP ${status}` });
    await expect(countPages(() => ({ status }))).rejects.toMatchObject({ kind: "status", status });
  },
);

test("the same page under ever new names, as behind a proxy that loses the query, is a failure", async () => {
  const same = countPages(({ number }) => ({ body: bundle({ entry: [patient("a"), patient("b")], next: `?page=${number}` }) }));
  await expect(same).rejects.toMatchObject({ kind: "pages", reason: "links its pages in a circle" });
});

test("empty pages are passed over; empty pages without end are a failure", async () => {
  const empty = (until: number): Promise<number> =>
    countPages(({ number }) => ({ body: bundle(number === until ? { entry: [patient("a")] } : { next: `?page=${number}` }) }));
  expect(await empty(20)).toBe(21);
  await expect(empty(1_000)).rejects.toMatchObject({ kind: "pages" });
});

test("fewer entries than the server says there are, and no link to the others, is a failure; what comes along does not count", async () => {
  const included = { resource: { resourceType: "Practitioner", id: "p" }, search: { mode: "include" } };
  const warned = { resource: { resourceType: "OperationOutcome", issue: [] }, search: { mode: "outcome" } };
  const given = (total: number) =>
    countPages(({ query }) => ({
      body: query.has("page")
        ? bundle({ entry: [patient("b"), included, warned], total })
        : bundle({ entry: [patient("a")], total, next: "?page=1" }),
    }));
  expect(await given(2)).toBe(2);
  await expect(given(3)).rejects.toMatchObject({
    kind: "pages",
    reason: "said that there are 3 entries, gave 2, and no link to the others",
  });
});

test("a reader that stops early leaves nothing behind that fails unheard", async () => {
  const { origin, asked } = await startOddServer(({ number }) =>
    number === 0 ? { body: bundle({ entry: [patient("a")], next: "?page=1" }) } : { status: 400, body: "no" },
  );
  for await (const _ of readPages(openOdd(`${origin}/fhir`).server, { path: "Patient", matches: 0 })) break;
  await expect.poll(() => asked.length).toBe(2);
});
