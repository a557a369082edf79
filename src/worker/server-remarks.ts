import { count } from "../domain/count.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import { notOffered, originOf, tolerableMs, type Capability } from "../fhir/capability.ts";
import type { ServerToRead } from "./pull-server.ts";

/** What a server makes hard, a sentence each with what to do. */
export function remarksOf(seen: {
  readonly source: ServerToRead;
  readonly capability: Capability;
  /** Our clock when the server was asked. */
  readonly asked: Instant;
  readonly isDated: boolean;
  /** Records that others name, or versions of them, which it failed to give. */
  readonly owed: number;
}): string[] {
  const { source, capability, asked, isDated, owed } = seen;
  const offBy = (capability.date ?? asked) - asked;
  const missing = notOffered(source, capability);
  const where = `The server of source ${source.name} (${originOf(source.url)})`;
  return [
    ...(isDated ? [] : [`${where} does not say what time it is: this computer's clock was taken.`]),
    ...(Math.abs(offBy) > tolerableMs
      ? [
          `${where} has a clock that is ${inWords(Math.abs(offBy))} ${offBy > 0 ? "ahead of" : "behind"} this computer's. Only what both say has passed is judged; have the wrong one set.`,
        ]
      : []),
    ...missing.map((type) =>
      source.types === undefined
        ? `${where} offers no ${type}: what only ${type} tells cannot be seen. Give Followthrough's account the right to search it; where this EPR has none, list the other types under \`types\` of the source.`
        : `${where} offers no ${type}, which the configuration asks for: correct \`types\` of the source, or have it offered.`,
    ),
    ...(owed > 0
      ? [`${where} failed to give ${count(owed, "record")} that others name, or earlier versions. The next scan asks again.`]
      : []),
  ];
}
