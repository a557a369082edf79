import type { Dispatcher } from "undici";
import type { Instant } from "../domain/instant.ts";

/** How anything is asked of a server and of what gives tokens for it. */
export interface Fetching {
  /** Undefined: the usual one. */
  readonly dispatcher: Dispatcher | undefined;
  readonly timeoutMs: number;
  readonly clock: () => Instant;
}
