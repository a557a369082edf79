import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure } from "./fhir-failure.ts";
import type { FhirServer, Reply } from "./fhir-server.ts";
import { pinPageLink } from "./page-link.ts";

/** A server may filter a page empty, and go on; one that gives so many after another will not come to an end. */
const mostEmptyPages = 50;

export interface Page {
  readonly body: JsonObject;
  /** Entries of this page and of those before it that the server counts. */
  readonly matches: number;
  /** Where the next page is, at our server; undefined: this is the last. */
  readonly next: string | undefined;
  /** How long the server took for it, in milliseconds. */
  readonly tookMs: number;
}

/** A page to go on from, and how much those before it held. */
export interface PageLeft {
  readonly path: string;
  readonly matches: number;
}

/**
 * The pages of a search or a history, one after another; the next is asked for while one is worked on.
 * @throws FhirFailure where a page is missing, comes again, or all of them together hold less than the server said
 */
export async function* readPages(server: FhirServer, { path, matches: before }: PageLeft): AsyncGenerator<Page> {
  const circle = new CircleWatch();
  let matches = before;
  let ahead = ask(server, path);
  for (;;) {
    const { body: page, tookMs } = await ahead;
    matches += entriesOf(page).filter(isMatch).length;
    const link = nextLink(page);
    const next = link === undefined ? undefined : pinPageLink(server.base, link);
    if (next === undefined) {
      const { total } = page;
      if (typeof total === "number" && total > matches) {
        throw new FhirFailure("pages", `said that there are ${total} entries, gave ${matches}, and no link to the others`);
      }
      yield { body: page, matches, next, tookMs };
      return;
    }
    if (circle.closes(page, next)) throw new FhirFailure("pages", "links its pages in a circle");
    ahead = askLinked(server, next);
    // It is awaited in the next round, and a reader that stops early must not leave an unheard rejection behind.
    ahead.catch(() => {});
    yield { body: page, matches, next, tookMs };
  }
}

/** A server that no longer knows its own link may well have what the page held: that is not what it says of a search. */
async function askLinked(server: FhirServer, path: string): Promise<Reply> {
  try {
    return await ask(server, path);
  } catch (error) {
    if (!(error instanceof FhirFailure) || (error.status !== 404 && error.status !== 410)) throw error;
    throw new FhirFailure("pages", error.reason, { status: error.status, cause: error });
  }
}

async function ask(server: FhirServer, path: string): Promise<Reply> {
  const reply = await server.get(path);
  if (reply.body["resourceType"] !== "Bundle") throw new FhirFailure("not-fhir", "answered with something else than a Bundle");
  return reply;
}

export function entriesOf(page: JsonObject): readonly unknown[] {
  return Array.isArray(page["entry"]) ? page["entry"] : [];
}

/** What was asked for: neither what comes along with it nor what the server has to say about it. */
export function isMatch(entry: unknown): boolean {
  const mode = isObject(entry) && isObject(entry["search"]) ? entry["search"]["mode"] : undefined;
  return mode !== "outcome" && mode !== "include";
}

function nextLink(page: JsonObject): string | undefined {
  const links: unknown[] = Array.isArray(page["link"]) ? page["link"] : [];
  const next = links.find((link) => isObject(link) && link["relation"] === "next");
  return isObject(next) && typeof next["url"] === "string" ? next["url"] : undefined;
}

/**
 * Notices pages that never end, and remembers three things however many there are: one link, taken anew at every power of
 * two (a circle of any length comes back to it); the page before (behind a proxy that loses the query every link gives the
 * first page, under ever new names); and how many were empty.
 */
class CircleWatch {
  #pages = 0;
  #mark = "";
  #before = "";
  #empty = 0;

  closes(page: JsonObject, next: string): boolean {
    if (next === this.#mark) return true;
    this.#pages += 1;
    if (Number.isInteger(Math.log2(this.#pages))) this.#mark = next;
    const entries = entriesOf(page);
    this.#empty = entries.length === 0 ? this.#empty + 1 : 0;
    const content = entries.length === 0 ? "" : JSON.stringify([entries.length, entries[0], entries.at(-1)]);
    const isAgain = content !== "" && content === this.#before;
    this.#before = content;
    return isAgain || this.#empty > mostEmptyPages;
  }
}
