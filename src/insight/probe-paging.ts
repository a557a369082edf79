import { isObject, type JsonObject } from "../fhir/bundle.ts";
import { FhirFailure } from "../fhir/fhir-failure.ts";
import type { FhirServer } from "../fhir/fhir-server.ts";
import { pinPageLink } from "../fhir/page-link.ts";
import { entriesOf, isMatch } from "../fhir/read-pages.ts";
import { sampleSize, type FirstPage } from "./first-page.ts";
import type { SourceProblem } from "./source-problem.ts";

/** Whether its pages can be followed: one further page of one type is asked for. */
export async function probePaging(server: FhirServer, pages: readonly FirstPage[]): Promise<SourceProblem[]> {
  const cut = pages.find(({ page }) => nextOf(page) !== undefined && matches(page) < sampleSize);
  const problems: SourceProblem[] = [];
  if (cut) {
    problems.push({
      code: "count-cut",
      weight: "note",
      says: `Asked for ${sampleSize} at a time, it gives ${matches(cut.page)}. Its pages are followed, so nothing is lost; a first reading takes longer.`,
      mend: "Where the server can be set, let it give at least 200 at a time.",
    });
  }
  const first = pages.find(({ page }) => nextOf(page) !== undefined);
  if (first) problems.push(...(await followOne(server, first)));
  return problems;
}

async function followOne(server: FhirServer, { type, page }: FirstPage): Promise<SourceProblem[]> {
  const link = nextOf(page) ?? "";
  const mend = "Have the server told its own outside address (for HAPI: server_address; behind a proxy: the X-Forwarded headers).";
  const isWrong = !URL.canParse(link) || new URL(link).origin !== new URL(server.base).origin;
  try {
    const next = (await server.get(pinPageLink(server.base, link))).body;
    if (next["resourceType"] !== "Bundle") throw new FhirFailure("not-fhir", "answered with something else than a Bundle");
    if (matches(next) > 0 && firstIdOf(next) === firstIdOf(page)) throw new FhirFailure("pages", "gives the first page again");
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    return [
      {
        code: "pages-lead-nowhere",
        weight: "blinds",
        says: `Its link to the second page of ${type} does not lead there: the server ${error.reason}. Windows are made smaller until each is one page, which may not be possible everywhere.`,
        mend,
      },
    ];
  }
  if (!isWrong) return [];
  return [
    {
      code: "page-links-wrong",
      weight: "note",
      says: "Its page links name another address than the one it is asked at. They are followed at yours, and lead on there.",
      mend,
    },
  ];
}

function nextOf({ link }: JsonObject): string | undefined {
  const links: unknown[] = Array.isArray(link) ? link : [];
  const next = links.find((each) => isObject(each) && each["relation"] === "next");
  return isObject(next) && typeof next["url"] === "string" ? next["url"] : undefined;
}

function matches(page: JsonObject): number {
  return entriesOf(page).filter(isMatch).length;
}

function firstIdOf(page: JsonObject): string {
  const entry = entriesOf(page).find(isMatch);
  const resource = isObject(entry) && isObject(entry["resource"]) ? entry["resource"] : {};
  return JSON.stringify([resource["id"], resource["meta"]]);
}
