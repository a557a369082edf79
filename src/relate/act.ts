import type { ActFacts, Actor, Facts, Key, OrderFacts, Ref } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { versionTime, type VersionTime } from "../domain/version-order.ts";
import type { Via } from "../domain/care-event.ts";
import { knownActor } from "./acting-person.ts";
import { actorFields, makeEvent, type RelatedEvent } from "./related-event.ts";
import { documentsNamed } from "./documents-named.ts";
import { isRead, isResult, isVoided, livingVersions, reportsNamed, resolveAll, typeOf, type World } from "./world.ts";

/** One version of something that a person may have done about a result. */
export interface Act {
  readonly facts: Facts & { readonly intent?: string };
  readonly time: StatedTime | VersionTime | undefined;
  readonly author: Actor | undefined;
  readonly names: readonly (Ref | undefined)[];
  readonly via: Via;
}

const idle = ["draft", "proposed", "preparation", "not-done", "entered-in-error"];

/**
 * `result.actioned`: grade 3 on each report that it names; where it names none, once on the patient as a whole (grade 1,
 * raised to 2 in detection where its author had looked at the result). Its time is that of the first version that counts;
 * revoking it later changes nothing.
 */
export function relateAct(world: World, key: Key, versions: readonly Act[]): RelatedEvent[] {
  const acts = versions.filter(({ facts }) => counts(facts));
  const first = acts[0];
  const author = first?.author && knownActor(world, first.author);
  if (!first?.time || ["machine", "patient"].includes(author?.kind ?? "") || isVoided(world, key)) return [];
  const { time, via } = first;
  const who = { byPerson: author?.kind === "human", ...actorFields(author) };
  const names = acts.flatMap((act) => act.names);
  const reports = reportsNamed(world, names);
  const patient = world.resolve(first.facts.patient);
  const common = { activity: "result.actioned" as const, saying: key, via, ...who };
  if (reports.length === 0) {
    return patient === undefined ? [] : [makeEvent(time, { ...common, subject: patient, subjectRead: true, grade: 1 })];
  }
  return reports
    .filter((report) => isResult(world, report) !== false)
    .map((report) => makeEvent(time, { ...common, subject: report, subjectRead: isResult(world, report) !== undefined, grade: 3 }));
}

function counts(facts: Facts & { readonly intent?: string }): boolean {
  if (facts.deleted || idle.includes(facts.status)) return false;
  if (facts.type === "Communication") return facts.status === "completed";
  return facts.type === "CarePlan" || !["proposal", "plan", "option"].includes(facts.intent ?? "");
}

/** Orders as actions: an order that names a report was placed because of it. */
export function relateOrderAsAct(world: World, key: Key): RelatedEvent[] {
  const versions: OrderFacts[] = livingVersions(world, key, "ServiceRequest", "MedicationRequest");
  return relateAct(
    world,
    key,
    versions.map((facts) => ({
      facts,
      time: facts.authoredOn ?? versionTime(facts, versions),
      author: facts.requester,
      names: [...facts.names, ...facts.basedOn],
      via: "order",
    })),
  );
}

/** Communications (also telling somebody of a result), Appointments, Procedures and CarePlans. */
export function relateOtherAct(world: World, key: Key): RelatedEvent[] {
  const versions: ActFacts[] = livingVersions(world, key, "Communication", "Appointment", "Procedure", "CarePlan");
  const acts = versions.map((facts): Act => {
    const time = facts.at ?? versionTime(facts, versions);
    return {
      facts,
      time,
      author: facts.author,
      names: [...facts.names, ...facts.basedOn],
      via: facts.type === "Communication" ? "communication" : "act",
    };
  });
  return [...relateAct(world, key, acts), ...communicated(world, key, acts)];
}

function communicated(world: World, key: Key, acts: readonly Act[]): RelatedEvent[] {
  const completed = acts.filter(({ facts }) => facts.type === "Communication" && counts(facts));
  const first = completed[0];
  const received = first?.facts.type === "Communication" ? first.facts.received : undefined;
  const sent = first?.facts.type === "Communication" ? first.facts.at : undefined;
  const time = sent ?? received ?? first?.time;
  if (!first || !time || isVoided(world, key)) return [];
  const author = first.author && knownActor(world, first.author);
  const named = completed.flatMap((act) => act.names);
  const who = { byPerson: !["machine", "patient"].includes(author?.kind ?? ""), ...actorFields(author) };
  const documents = documentsNamed(world, named).map((document) =>
    makeEvent(time, {
      activity: "document.sent",
      subject: document,
      subjectRead: isRead(world, document),
      saying: key,
      via: "communication",
      ...who,
    }),
  );
  const told = resolveAll(world, named)
    .filter((name) => typeOf(name) === "DiagnosticReport" && isResult(world, name) !== false)
    .map((report) =>
      makeEvent(time, {
        activity: "result.communicated",
        subject: report,
        subjectRead: isResult(world, report) !== undefined,
        saying: key,
        via: "communication",
        ...who,
      }),
    );
  return [...told, ...documents];
}
