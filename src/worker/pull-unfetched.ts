import type { Key } from "../domain/facts.ts";
import { forgetUnfetched, listUnfetched } from "../store/unfetched.ts";
import { pullReferenced } from "./pull-referenced.ts";
import { pullVersions } from "./pull-versions.ts";
import type { ServerPull } from "./server-pull.ts";

/** A server that gives none of its histories must not be asked for all of them by every pull. */
const mostAsked = 500;

/**
 * Asks again for what earlier pulls failed to get by its id. What was not given in this one is left to the next.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function pullUnfetched(pull: ServerPull): Promise<void> {
  const source = { siteId: pull.scope.siteId, source: pull.scope.source };
  const hasFailed = (each: { readonly what: string; readonly name: string }): boolean => pull.unfetched.has(`${each.what} ${each.name}`);
  const owed = (await listUnfetched(pull.db, source, mostAsked)).filter((each) => !hasFailed(each));
  const named = new Set<Key>(owed.filter(({ what }) => what === "record").map(({ name }) => name));
  for (const { name } of owed.filter(({ what }) => what === "versions")) {
    const [type = "", id = ""] = name.split("/");
    await pullVersions(pull, type, id, named);
  }
  await pullReferenced(pull, named);
  await pull.write(undefined, async (db) => {
    for (const each of owed) if (!hasFailed(each)) await forgetUnfetched(db, source, each);
  });
}
