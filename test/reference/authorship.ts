import { actorNamed, agentActor, type Actor } from "./actors.ts";
import { recordedAt, type Audit } from "./audits.ts";
import { codingsOf, listOf, objectOf, type Json } from "./json.ts";
import { agentsOf } from "./provenances.ts";
import { readReference } from "./references.ts";
import { minute, type When } from "./times.ts";
import { isVoided, newestOf, type History, type Version } from "./versions.ts";
import { historiesOf, keyOfName, type World } from "./world.ts";

/** Who made one version of a record, as its AuditEvents and Provenances say. */
interface Authorship {
  readonly human: Actor | undefined;
  /** A machine or the patient is named. */
  readonly isOther: boolean;
}

/**
 * "An AuditEvent or Provenance of that version (naming `_history/n`, or a create or update within 5 minutes of its
 * `lastUpdated`)". Looks at that version are none of its making.
 */
function authorshipOf(world: World, audits: readonly Audit[], history: History, version: Version): Authorship {
  const actors: Actor[] = [];
  for (const audit of audits) {
    if (!audit.success || audit.read || audit.searches.length > 0 || audit.change === "delete") continue;
    const entity = audit.entities.find((each) => each.key === history.key);
    if (entity === undefined) continue;
    const makes = audit.change === "create" || audit.change === "update";
    if (!isOfVersion(entity.version, version, makes, recordedAt(world, audit.body) ?? audit.when)) continue;
    if (audit.actor.kind === "human" || audit.actor.kind === "patient") actors.push(audit.actor);
    else for (const kind of audit.agentKinds) actors.push({ kind, person: undefined });
  }
  for (const provenance of provenancesOf(world)) {
    const target = listOf(provenance["target"])
      .map((each) => readReference(each, provenance))
      .find((each) => keyOfName(world, each) === history.key);
    if (target === undefined) continue;
    const activities = codingsOf(provenance["activity"]).map((each) => each.code.toLowerCase());
    const makes = activities.length === 0 || activities.some((each) => ["create", "update", "c", "u"].includes(each));
    if (!isOfVersion(target.version, version, makes, recordedAt(world, provenance))) continue;
    for (const agent of agentsOf(provenance)) actors.push(agentActor(world, agent, provenance, true));
  }
  return {
    human: actors.find((each) => each.kind === "human"),
    isOther: actors.some((each) => each.kind === "machine" || each.kind === "patient"),
  };
}

function isOfVersion(named: string | undefined, version: Version, makes: boolean, recorded: When | undefined): boolean {
  if (named !== undefined) return named === version.versionId;
  if (!makes || recorded === undefined || version.lastUpdated === undefined) return false;
  return Math.abs(recorded.at - version.lastUpdated) <= 5 * minute;
}

export function provenancesOf(world: World): Json[] {
  return historiesOf(world, "Provenance")
    .filter((each) => !isVoided(each))
    .map((each) => newestOf(each).body);
}

/** "A workflow status counts as a person's unless its owner is a Device, Patient or RelatedPerson", or the version was made so. */
export function personBehind(world: World, audits: readonly Audit[], history: History, version: Version, field: string): Actor | undefined {
  const owner = actorNamed(world, version.body[field], version.body);
  if (owner.kind === "machine" || owner.kind === "patient") return undefined;
  const { human, isOther } = authorshipOf(world, audits, history, version);
  if (human !== undefined) return human;
  return isOther ? undefined : owner;
}

export function firstVersion(history: History, isSuch: (body: Json) => boolean): Version | undefined {
  return history.versions.find((each) => !each.deleted && isSuch(objectOf(each.body)));
}
