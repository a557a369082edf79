import type { Config } from "../config/config.ts";
import type { Instant } from "../domain/instant.ts";
import type { Db } from "../store/db.ts";

/** What pages and API are made with; `serve` and `demo` pass the real ones. */
export interface HttpParts {
  readonly db: Db;
  readonly clock: () => Instant;
  readonly makeId: () => string;
  readonly config: Config;
  /** Hears of defects, a text of one or more lines each; never anything of a patient. */
  readonly log: (text: string) => void;
  /** Names other than loopback under which this server may be asked for: `followthrough.trust.nhs.uk`. Absent: none. */
  readonly hosts?: readonly string[];
  /** A banner on every page: the data is invented, or nobody has to sign in. Absent: none. */
  readonly banner?: string;
}
