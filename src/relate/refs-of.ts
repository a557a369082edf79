import type { AuditEventFacts, Facts, Ref } from "../domain/facts.ts";

/** Facts are read many times while a batch is related: each is walked once. */
const walked = new WeakMap<Facts, readonly Ref[]>();

/** Every reference of a version, wherever it stands. */
export function refsOf(facts: Facts): readonly Ref[] {
  if (facts.type === "AuditEvent") return refsOfAudit(facts);
  let refs = walked.get(facts);
  if (refs === undefined) walked.set(facts, (refs = walk(facts)));
  return refs;
}

/** Most of what is read: where its references stand is known, and to gather them anew costs less than to remember them. */
function refsOfAudit({ entities, unsure, actor, patient, encounter, deleted }: AuditEventFacts): Ref[] {
  if (deleted) return [];
  const refs = [...entities];
  if (unsure !== undefined) refs.push(...unsure);
  if (actor.ref !== undefined) refs.push(actor.ref);
  if (patient !== undefined) refs.push(patient);
  if (encounter !== undefined) refs.push(encounter);
  return refs;
}

function walk(facts: Facts): Ref[] {
  const found: Ref[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isRef(value)) found.push(value);
    else for (const each of Object.values(value)) visit(each);
  };
  visit(facts);
  return found;
}

function isRef(value: object): value is Ref {
  return "key" in value && typeof value.key === "string" && !("joins" in value);
}
