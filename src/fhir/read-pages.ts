import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";
import type { FhirServer } from "./fhir-server.ts";
import { pinPageLink } from "./page-link.ts";

/**
 * The pages of a search or a history, one after another; the next is asked for while one is worked on.
 * @throws FhirFailure where a page is missing, comes again, or all of them together hold less than the server said
 */
export async function* readPages(server: FhirServer, path: string): AsyncGenerator<JsonObject> {
  const asked = new Set<string>();
  let entries = 0;
  let ahead = ask(server, path);
  for (;;) {
    const page = await ahead;
    entries += entriesOf(page).filter((entry) => !isOutcome(entry)).length;
    const link = nextLink(page);
    const next = link === undefined ? undefined : pinPageLink(server.base, link);
    if (next === undefined) {
      const { total } = page;
      if (typeof total === "number" && total > entries) {
        throw new FhirFailure("pages", `said that there are ${total} entries, gave ${entries}, and no link to the others`);
      }
      yield page;
      return;
    }
    if (asked.has(next)) throw new FhirFailure("pages", "links its pages in a circle");
    asked.add(next);
    ahead = ask(server, next);
    // It is awaited in the next round, and a reader that stops early must not leave an unheard rejection behind.
    ahead.catch(() => {});
    yield page;
  }
}

async function ask(server: FhirServer, path: string): Promise<JsonObject> {
  const { body } = await server.get(path);
  if (body["resourceType"] !== "Bundle") throw new FhirFailure("not-fhir", "answered with something else than a Bundle");
  return body;
}

export function entriesOf(page: JsonObject): readonly unknown[] {
  return Array.isArray(page["entry"]) ? page["entry"] : [];
}

function isOutcome(entry: unknown): boolean {
  return isObject(entry) && isObject(entry["search"]) && (entry["search"]["mode"] === "outcome" || entry["search"]["mode"] === "include");
}

function nextLink(page: JsonObject): string | undefined {
  const links: unknown[] = Array.isArray(page["link"]) ? page["link"] : [];
  const next = links.find((link) => isObject(link) && link["relation"] === "next");
  return isObject(next) && typeof next["url"] === "string" ? next["url"] : undefined;
}
