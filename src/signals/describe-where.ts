import type { Where } from "../domain/signal.ts";

/** Conditions in words: `critical, emergency setting`. */
export function conditions({ urgency, setting, priority, kind }: Where): string {
  return [
    urgency && either(urgency.map((value) => (value === "not-said" ? "urgency not said" : value))),
    setting && `${either(setting)} setting`,
    priority && `${either(priority)} priority`,
    kind && either(kind),
  ]
    .filter((each) => each !== undefined)
    .join(", ");
}

/** `one, two or three`. */
export function either(values: readonly string[]): string {
  return values.join(", ").replace(/, ([^,]*)$/, " or $1");
}
