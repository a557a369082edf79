import { expect, test } from "vitest";
import { runExample } from "../../src/signals/run-example.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";

/** A newer version cancels: what may have brought one, and was not read, is named on the finding, and leaves the verdict. */
test("a letter that was never sent says that its signing may not have been read", () => {
  const file = readCatalogue().find(({ signal }) => signal.id === "document-unsent");
  const example = file?.examples.find(({ expect: [expected] }) => expected?.verdict === "missed");
  const opening = example?.events[0];
  if (!file || !example || !opening) throw new Error("the catalogue has no letter that was missed");
  const from = opening.at + 1_000;
  const gaps = { DocumentReference: [{ from, to: from + 3_600_000 }] };
  const [whole] = runExample(file, example).actual;
  const [blind] = runExample(file, { ...example, gaps }).actual;
  expect({ verdict: whole?.verdict, gaps: whole?.cancellingGaps }).toEqual({ verdict: "missed", gaps: [] });
  expect({ verdict: blind?.verdict, types: blind?.cancellingGaps.map(({ type }) => type) }).toEqual({
    verdict: "missed",
    types: ["DocumentReference"],
  });
});
