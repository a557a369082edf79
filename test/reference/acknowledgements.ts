import { actorNamed, agentActor, type Actor } from "./actors.ts";
import type { Audit } from "./audits.ts";
import { firstVersion, personBehind, provenancesOf } from "./authorship.ts";
import { codingsOf, listOf, objectOf, textOf, type Json } from "./json.ts";
import { agentsOf, hasVerifier, verifiersOf } from "./provenances.ts";
import { referencesWithin } from "./references.ts";
import type { Result } from "./results.ts";
import { firstTime, type When } from "./times.ts";
import { isVoided, type History } from "./versions.ts";
import { exists, historiesOf, keyNamed, keyOfName, type World } from "./world.ts";

/** Something that a person did about a report. */
export interface Evidence {
  readonly when: When;
  readonly via: "task" | "audit" | "provenance" | "communication";
  readonly actor: Actor;
}

/** `result.acknowledged` by a person who is not the laboratory's own. */
export function acknowledgementsOf(world: World, audits: readonly Audit[], result: Result): Evidence[] {
  const own = laboratoryOf(world, result);
  return [...byTasks(world, audits, result), ...byAudits(audits, result), ...byProvenances(world, result)].filter(
    (each) => exists(world, each.when) && !(each.actor.person !== undefined && own.has(each.actor.person)),
  );
}

const reviewCodes = ["review", "acknowledge", "verify", "attest", "sign-off"];

function isReviewCode(code: unknown): boolean {
  return codingsOf(code).some(
    (each) => reviewCodes.includes(each.code) || (each.code === "approve" && (each.system ?? "").endsWith("/task-code")),
  );
}

/** The reports that a Task reviews: "code absent, or in the default list, with the report as `focus`; or a listed code with the report named anywhere". */
export function reportsReviewed(world: World, task: Json): string[] {
  const isReport = (key: string | undefined): key is string => key?.startsWith("DiagnosticReport/") ?? false;
  const isListed = isReviewCode(task["code"]);
  const isAbsent = codingsOf(task["code"]).length === 0 && textOf(objectOf(task["code"])["text"]) === undefined;
  const focus = isListed || isAbsent ? [keyNamed(world, task["focus"], task)] : [];
  const anywhere = isListed ? referencesWithin(task).map((name) => keyOfName(world, name)) : [];
  return [...new Set([...focus, ...anywhere].filter(isReport))];
}

function byTasks(world: World, audits: readonly Audit[], result: Result): Evidence[] {
  return historiesOf(world, "Task")
    .filter((task) => !isVoided(task))
    .flatMap((task) => {
      const done = firstVersion(task, (body) => body["status"] === "completed");
      if (done === undefined || !reportsReviewed(world, done.body).includes(result.history.key)) return [];
      const when = completionOf(world, task);
      const actor = personBehind(world, audits, task, done, "owner");
      return when === undefined || actor === undefined ? [] : [{ when, via: "task" as const, actor }];
    });
}

/** "`executionPeriod.end`, else `lastModified`, else `meta.lastUpdated` of the completing version." */
export function completionOf(world: World, task: History): When | undefined {
  const done = firstVersion(task, (body) => body["status"] === "completed");
  return done === undefined
    ? undefined
    : (firstTime(world.zone, objectOf(done.body["executionPeriod"])["end"], done.body["lastModified"]) ?? done.updated);
}

function byAudits(audits: readonly Audit[], result: Result): Evidence[] {
  return audits
    .filter((each) => each.success && each.verifies && each.actor.kind === "human")
    .filter((each) => each.entities.some((entity) => entity.key === result.history.key))
    .map(({ when, actor }) => ({ when, via: "audit", actor }));
}

function byProvenances(world: World, result: Result): Evidence[] {
  return provenancesOf(world).flatMap((provenance) => {
    const isAbout = listOf(provenance["target"]).some((each) => keyNamed(world, each, provenance) === result.history.key);
    if (!isAbout || !hasVerifier(provenance)) return [];
    const verifiers = verifiersOf(provenance);
    const actor = (verifiers.length > 0 ? verifiers : agentsOf(provenance))
      .map((agent) => agentActor(world, agent, provenance, true))
      .find((each) => each.kind === "human");
    const period = objectOf(provenance["occurredPeriod"] ?? provenance["period"]);
    const when = firstTime(world.zone, period["end"], period["start"], provenance["occurredDateTime"], provenance["recorded"]);
    return actor === undefined || when === undefined ? [] : [{ when, via: "provenance" as const, actor }];
  });
}

/** "*Laboratory's own*: a performer or interpreter of any version, and roles of a performing organisation; not the order's own requester." */
function laboratoryOf(world: World, result: Result): Set<string> {
  const own = new Set<string>();
  for (const { body } of result.history.versions) {
    for (const each of [...listOf(body["performer"]), ...listOf(body["resultsInterpreter"])]) {
      const key = keyNamed(world, objectOf(each)["actor"] ?? each, body); // STU3 `performer.actor`
      if (key === undefined) continue;
      own.add(world.naming.personOf(key));
      if (!key.startsWith("Organization/")) continue;
      for (const role of historiesOf(world, "PractitionerRole")) {
        if (keyNamed(world, role.versions.at(-1)?.body["organization"], role.versions.at(-1)?.body) === key)
          own.add(world.naming.personOf(role.key));
      }
    }
  }
  for (const order of result.orders) {
    for (const { body } of world.histories.get(order)?.versions ?? []) {
      const requester = actorNamed(world, body["requester"], body);
      if (requester.person !== undefined) own.delete(requester.person);
    }
  }
  return own;
}

/** `result.communicated`: a Communication `completed` about the report, "not by a Device or the patient". */
export function communicationsOf(world: World, audits: readonly Audit[], result: Result): Evidence[] {
  return historiesOf(world, "Communication")
    .filter((each) => !isVoided(each))
    .flatMap((communication) => {
      const done = firstVersion(communication, (body) => body["status"] === "completed");
      if (done === undefined) return [];
      const { body } = done;
      const named = ["about", "basedOn", "reasonReference", "reason"].flatMap((field) => listOf(body[field]));
      if (!named.some((each) => keyNamed(world, each, body) === result.history.key)) return [];
      const when = firstTime(world.zone, body["sent"], body["received"]) ?? done.updated;
      const actor = personBehind(world, audits, communication, done, "sender");
      return when === undefined || actor === undefined ? [] : [{ when, via: "communication" as const, actor }];
    })
    .filter((each) => exists(world, each.when));
}
