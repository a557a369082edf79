import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchDatabase } from "../db/scratch-database.ts";
import { pagesHere, type PagesHere } from "./pages-here.ts";

let pages: PagesHere;
beforeAll(async () => {
  const connection = await scratchDatabase();
  pages = await pagesHere(connection);
  await connection.close();
});
afterAll(() => pages.close());

test("where the database does not answer a page says so, as a page, and that it can tell nothing", async () => {
  const { status, headers, texts, document } = await pages.get("/");
  expect(status).toBe(500);
  expect(headers.get("content-type")).toMatch(/^text\/html/);
  expect(texts("h1")).toHaveLength(1);
  expect(texts("main p").join(" ")).toContain("What to do:");
  // An empty frame would look as if there were nothing.
  expect(texts(".ft-seen--blind")).toEqual(["Warning Nothing can be told now: neither what was found nor what was seen."]);
  expect(document.querySelectorAll("nav a").length).toBeGreaterThan(3);
});
