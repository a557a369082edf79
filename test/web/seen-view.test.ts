import { describe, expect, it } from "vitest";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import type { SeenSite } from "../../src/insight/seen-sites.ts";
import { viewSeen } from "../../src/web/seen-view.ts";
import type { Sentence } from "../../src/web/show-time.ts";

const now = Date.parse("2026-07-01T09:00:00Z");
const minute = 60_000;
const hour = 60 * minute;

function seen(site: string, more: Partial<SeenSite> & { at?: number; isWhole?: boolean } = {}): SeenSite {
  const { at = now - 20 * minute, isWhole = true, ...rest } = more;
  return { site, judged: { at, isWhole, summary: null }, ...rest };
}

const view = (...sites: SeenSite[]) => viewSeen(sites, () => ({ timeZone: "Europe/London", signals: ["task-overdue"] }), now);
const read = (line: Sentence | undefined): string => (line ?? []).map((part) => (typeof part === "string" ? part : part.text)).join("");
const loud = "Not everything was seen. What is not listed may still have been missed.";

describe("the line above every page", () => {
  it("is quiet only where every site was seen whole, lately, and nothing failed since", () => {
    const { isWhole, headline, brief } = view(seen("north"), seen("south"));
    expect([isWhole, headline]).toEqual([true, "All that the signals need was seen."]);
    expect(brief.map(({ names, line }) => `${names}: ${read(line)}`)).toEqual([
      "north, south: seen up to 1 Jul 2026, 09:40 BST (20 minutes ago), whole.",
    ]);
  });

  it.each([
    ["part of one was not", seen("south", { isWhole: false }), "seen up to 1 Jul 2026, 09:40 BST (20 minutes ago), NOT whole."],
    [
      "a later scan failed",
      seen("south", { failedAt: now - 5 * minute }),
      "seen up to 1 Jul 2026, 09:40 BST (20 minutes ago), whole. The scan of 1 Jul 2026, 09:55 BST failed.",
    ],
    [
      "the last one is more than a day old",
      seen("south", { at: now - 25 * hour }),
      "seen up to 30 Jun 2026, 09:00 BST (25 hours ago), whole. Nothing later has been looked at.",
    ],
    ["one was never judged", { site: "south" }, "never judged, so nothing is known of it."],
  ])("is loud where %s, and says what to do", (_, site, line) => {
    const { isWhole, headline, sites } = view(seen("north"), site);
    expect([isWhole, headline]).toEqual([false, loud]);
    expect(sites.map((each) => each.isWhole)).toEqual([true, false]);
    expect(read(sites[1]?.line)).toBe(line);
    expect(sites[1]?.whatToDo.length).toBeGreaterThan(0);
  });

  it("says that nothing is known where nothing was scanned, or no scan has ended", () => {
    expect(view()).toMatchObject({ isWhole: false, headline: "Nothing has been scanned yet, so nothing is known." });
    const { isWhole, headline, sites } = view({ site: "north", runningSince: now - minute });
    expect([isWhole, headline]).toEqual([false, "No scan has ended yet, so nothing is known."]);
    expect(read(sites[0]?.line)).toBe("never judged, so nothing is known of it. A scan has been running since 1 Jul 2026, 09:59 BST.");
  });

  it("names a signal that is on and did not run", () => {
    const run = { kind: "scan", notes: { cutShort: [], failedWindows: [], serverRemarks: [], afterClock: 0 }, unplaced: 0 };
    const feeds = [{ read: 1, skipped: 0, stored: 1, quarantined: 0, gaps: [], type: "Task" }];
    const summary = { run, feeds, signals: [] } as unknown as ScanSummary;
    const { isWhole, sites } = view({ site: "north", judged: { at: now, isWhole: true, summary } });
    expect(isWhole).toBe(false);
    expect(sites[0]?.notSeen).toEqual(["task-overdue did not run: no feed that could end its loops is read here."]);
  });
});
