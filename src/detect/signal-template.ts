import type { LoopSignal, SequenceSignal } from "../domain/signal.ts";
import type { SignalHistory } from "./detection.ts";

/** The template of a signal stays: another one is another signal. */
export function isOfLoops(history: SignalHistory): history is SignalHistory<LoopSignal> {
  return history.versions.every(({ signal }) => signal.loop !== undefined);
}

export function isOfSequences(history: SignalHistory): history is SignalHistory<SequenceSignal> {
  return history.versions.every(({ signal }) => signal.sequence !== undefined);
}
