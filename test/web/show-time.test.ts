import { describe, expect, it, test } from "vitest";
import type { StatedTime } from "../../src/domain/instant.ts";
import { showBirth, showSpan, showTime, type Sentence } from "../../src/web/show-time.ts";

const read = (sentence: Sentence): string => sentence.map((part) => (typeof part === "string" ? part : part.text)).join("");

describe("a time", () => {
  it.each([
    ["2026-03-29T00:59:00Z", "Europe/London", "29 Mar 2026, 00:59 GMT"],
    ["2026-03-29T01:00:00Z", "Europe/London", "29 Mar 2026, 02:00 BST"],
    ["2026-10-25T00:30:00Z", "Europe/London", "25 Oct 2026, 01:30 BST"],
    ["2026-10-25T01:30:00Z", "Europe/London", "25 Oct 2026, 01:30 GMT"],
    ["2026-09-01T22:30:00Z", "Europe/Gibraltar", "2 Sep 2026, 00:30 CEST"],
  ])("%s in %s is %s", (iso, zone, text) => {
    expect(showTime(Date.parse(iso), zone)).toEqual({ iso, text });
  });

  test("a span says its day once", () => {
    const span = (from: string, to: string): string => read(showSpan({ from: Date.parse(from), to: Date.parse(to) }, "Europe/London"));
    expect(span("2026-02-05T01:00:00Z", "2026-02-05T05:00:00Z")).toBe("5 Feb 2026, 01:00 GMT to 05:00 GMT");
    expect(span("2026-02-05T23:00:00Z", "2026-02-06T05:00:00Z")).toBe("5 Feb 2026, 23:00 GMT to 6 Feb 2026, 05:00 GMT");
  });
});

describe("a date of birth", () => {
  const now = Date.parse("2026-03-16T09:00:00Z");
  const born = (day: string, precision: StatedTime["precision"] = "day"): StatedTime => {
    return { at: Date.parse(`${day}T00:00:00Z`), end: Date.parse(`${day}T00:00:00Z`), precision };
  };

  it.each([
    ["1941-05-02", "02-May-1941 (84y)"],
    ["2024-03-17", "17-Mar-2024 (23m)"],
    ["2024-03-16", "16-Mar-2024 (2y)"],
    ["2026-02-16", "16-Feb-2026 (1m)"],
    ["2026-02-17", "17-Feb-2026 (27d)"],
    ["2026-03-16", "16-Mar-2026 (0d)"],
  ])("%s is shown as %s", (day, shown) => {
    expect(showBirth(born(day), now, "Europe/London")).toBe(shown);
  });

  it("is as exact as the record is", () => {
    expect(showBirth(born("1950-01-01", "year"), now, "Europe/London")).toBe("1950");
    expect(showBirth(born("1950-06-01", "month"), now, "Europe/London")).toBe("Jun-1950");
  });
});
