import { expect, test } from "vitest";
import { runExample } from "../../src/signals/run-example.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";

const file = readCatalogue().find(({ signal }) => signal.id === "document-unsent");
const missed = file?.examples.find(({ expect: [expected], events }) => expected?.verdict === "missed" && events.length === 1);

/** What the finding says was not read and may have called it off, where an hour after the opening these types were not. */
function unread(...types: readonly string[]): unknown {
  const opening = missed?.events[0];
  if (!file || !missed || !opening) throw new Error("the catalogue has no letter that was missed");
  expect(opening.subject).toMatch(/^Composition\//);
  const hour = { from: opening.at + 1_000, to: opening.at + 3_601_000 };
  const gaps = Object.fromEntries(types.map((type) => [type, [hour]]));
  const [loop] = runExample(file, { ...missed, gaps }).actual;
  return { verdict: loop?.verdict, named: loop?.cancellingGaps.map(({ type }) => type) };
}

/** A newer version cancels: what may have brought one, and was not read, is named on the finding, and leaves the verdict. */
test("a letter that was never sent says that its signing may not have been read", () => {
  expect(unread()).toEqual({ verdict: "missed", named: [] });
  expect(unread("Composition")).toEqual({ verdict: "missed", named: ["Composition"] });
});

test("it says nothing of letters of another type of record, which cannot be its newer version", () => {
  expect(unread("DocumentReference")).toEqual({ verdict: "missed", named: [] });
  expect(unread("DocumentReference", "Composition", "Patient")).toEqual({ verdict: "missed", named: ["Composition", "Patient"] });
});
