import type { Instant } from "../domain/instant.ts";

/** How anything is asked of a server and of what gives tokens for it. */
export interface Fetching {
  /** Undefined: the usual one. */
  readonly dispatcher: FetchDispatcher | undefined;
  readonly timeoutMs: number;
  readonly clock: () => Instant;
}

/** An undici dispatcher, as Node's fetch takes it. */
export type FetchDispatcher = NonNullable<RequestInit["dispatcher"]>;
