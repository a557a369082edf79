import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { SeriesSignal } from "../../src/domain/series.ts";
import { readSiteCatalogue } from "../../src/signals/site-catalogue.ts";
import { makeFolder } from "../fhir/make-folder.ts";

function potassiumOf(settings: string): SeriesSignal {
  const set =
    'id: serum-potassium\nsource: our codes\nreview-by: 2027-04-01\nadd: ["https://lab.example/codes|K"]\nremove: ["loinc|2823-3"]\n';
  const folder = makeFolder({ "followthrough.yaml": `sites:\n  - name: a\n${settings}`, "sets/k.yaml": set });
  const site = siteConfig(loadConfig({ file: join(folder, "followthrough.yaml"), env: {} }), "a");
  return readSiteCatalogue(site).series.find(({ signal }) => signal.id === "potassium-shift")!.signal;
}

const codesOf = ({ series: { number } }: SeriesSignal): string[] =>
  number.what === "records" ? [] : (number.code ?? []).flatMap(({ codings }) => codings.map(({ code }) => code));

test("what a series measures goes by the site's own codes", () => {
  const [plain, changed] = [potassiumOf(""), potassiumOf("    valueSets: ./sets\n")];
  expect(new Set(codesOf(changed)).symmetricDifference(new Set(codesOf(plain)))).toEqual(new Set(["2823-3", "K"]));
  expect([plain.origin, changed.origin?.changes]).toEqual([undefined, ["the codes of serum-potassium"]]);
});
