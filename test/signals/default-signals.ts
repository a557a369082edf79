import type { LoopSignal } from "../../src/domain/signal.ts";
import { enabledByDefault, readCatalogue } from "../../src/signals/catalogue.ts";

/** The loop signals that run where nothing else is said: what hospitals in tests are judged by. */
export const defaultSignals: readonly LoopSignal[] = readCatalogue().flatMap(({ signal }) =>
  enabledByDefault.includes(signal.id) && signal.loop ? [signal] : [],
);
