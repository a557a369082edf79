import type { Instant } from "../domain/instant.ts";
import type { FailedWindow } from "../domain/scan-summary.ts";

/** What one export brought whole, and what not. */
export interface BroughtBy {
  readonly transactionAt: Instant;
  readonly brought: readonly string[];
  /** `reason` completes "The server …". */
  readonly notBrought: readonly { readonly type: string; readonly reason: string }[];
}

/** What the exports of one pull brought, the last word on each type. */
export class Brought {
  /** When the exports that this pull began were taken. */
  readonly fresh: Instant[] = [];
  /** When one that an earlier pull had left was. */
  readonly left: Instant[] = [];
  readonly types = new Set<string>();
  readonly #failed = new Map<string, Omit<FailedWindow, "source" | "type">>();

  note({ since }: { readonly since: Instant }, { transactionAt, brought, notBrought }: BroughtBy, isFresh: boolean): void {
    (isFresh ? this.fresh : this.left).push(transactionAt);
    for (const type of brought) {
      this.types.add(type);
      this.#failed.delete(type);
    }
    for (const { type, reason } of notBrought) this.noteNothing([type], since, transactionAt, reason);
  }

  noteNothing(types: readonly string[], from: Instant, to: Instant, reason: string): void {
    for (const type of types) this.#failed.set(type, { ...(Number.isFinite(from) && { from }), to, reason });
  }

  listFailed(source: string): FailedWindow[] {
    return [...this.#failed].map(([type, failed]) => ({ source, type: type === "*" ? "Everything" : type, ...failed }));
  }
}
