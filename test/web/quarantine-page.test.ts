import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { quarantineAt, refusalOf } from "../store/quarantined-here.ts";
import { scanHospital } from "../store/scanned-hospital.ts";
import { formUnder, pagesHere, type PagesHere } from "./pages-here.ts";

let connection: Connection;
let pages: PagesHere;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
  const hostile = { type: "Task<script>", code: "no-time", reason: "It does not say <b>when</b>." };
  await quarantineAt(connection, "south", refusalOf({ resourceType: "Task", note: "</pre><script>alert(1)</script>" }, hostile));
  pages = await pagesHere(connection);
});
afterAll(async () => {
  await pages.close();
  await connection.close();
});

const looks = () => connection.db.selectFrom("look").select("how").execute();

describe("the quarantine", () => {
  it("is counted by reason, each a link to these alone, and listed without what was written", async () => {
    const page = await pages.get("/quarantine");
    const numbers = page.texts("section:has(#why) .ft-table__number").slice(1).map(Number);
    const rows = page.texts("section:has(#list) tbody tr");
    expect(numbers.reduce((sum, each) => sum + each, 0)).toBe(rows.length);
    expect(page.html).not.toContain("alert(1)");
    expect(page.document.querySelectorAll("script")).toEqual([]);
    for (const [index, link] of page.document.querySelectorAll("section:has(#why) tbody a").entries()) {
      const narrowed = await pages.get(link.getAttribute("href")!.replaceAll("&amp;", "&"));
      expect(narrowed.texts("section:has(#list) tbody tr")).toHaveLength(numbers[index]!);
    }
    expect(await looks()).toEqual([]);
  });

  it("shows one whole, harmless whatever it holds, and records the look", async () => {
    const page = await pages.get("/quarantine?site=south");
    const shown = await pages.get(page.document.querySelector("section:has(#list) tbody a")!.getAttribute("href")!);
    expect(shown.texts("h1")).toEqual(["In quarantine: Nothing says when it happened"]);
    expect(shown.html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(shown.document.querySelectorAll("script, main b")).toEqual([]);
    expect(await looks()).toEqual([{ how: "quarantine page" }]);
  });

  it("is tried again by a form, all of a site or one of it, once however often it is sent", async () => {
    const page = await pages.get("/quarantine");
    const form = formUnder(page, "Try again");
    const [one, other] = [await pages.send(form, { site: "north" }), await pages.send(form, { site: "north" })];
    expect([one.status, one.headers.get("location")]).toEqual([303, other.headers.get("location")]);
    const after = await pages.get(one.headers.get("location")!);
    expect(after.texts("[role=status]")[0]).toContain("The replay of what is in quarantine of north is asked for");
    const whole = await pages.get(page.document.querySelector("section:has(#list) tbody a")!.getAttribute("href")!);
    await pages.send(formUnder(whole, "Try it again"), {});
    const asked = await connection.db.selectFrom("due_run").select(["kind", "state", "keys"]).execute();
    expect(asked.map(({ kind, state, keys }) => `${kind} ${state} ${keys?.length ?? "all"}`).toSorted()).toEqual([
      "replay waiting 1",
      "replay waiting all",
    ]);
  });

  it.each(["/quarantine/0123456789abcdef", "/quarantine/x", "/quarantine?after=1.x"])("says what is wrong with %s", async (path) => {
    const page = await pages.get(path);
    expect([page.status >= 400 && page.status < 500, page.texts("h1").length]).toEqual([true, 1]);
  });

  it("leads on where a page does not hold all", async () => {
    const refusals = Array.from({ length: 60 }, (_, line) => refusalOf({ resourceType: "Task", note: line }, { line }));
    await quarantineAt(connection, "south", ...refusals);
    const first = await pages.get("/quarantine?site=south");
    const next = first.document.querySelector("a[rel=next]")!.getAttribute("href")!.replaceAll("&amp;", "&");
    const second = await pages.get(next);
    const keys = [...first.texts("section:has(#list) tbody th"), ...second.texts("section:has(#list) tbody th")];
    expect([keys.length, new Set(keys).size, second.document.querySelector("a[rel=next]")]).toEqual([61, 61, null]);
  });
});
