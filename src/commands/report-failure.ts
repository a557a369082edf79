import { CommanderError } from "commander";
import { kindOfDefect, placesOfDefect } from "../domain/describe-defect.ts";
import { UserError } from "../domain/user-error.ts";
import type { Runtime } from "./runtime.ts";

/** Tells a person why a command ended early; the exit code. Only a UserError's words are shown: others may quote a record. */
export function reportFailure(error: unknown, runtime: Pick<Runtime, "env" | "err">): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    runtime.err(`${error.message}\n${error.fix}`);
    return 2;
  }
  runtime.err(`This is a defect of Followthrough, not of your data or settings (${kindOfDefect(error)}). Nothing that was stored is lost.`);
  if (runtime.env["FOLLOWTHROUGH_DEBUG"] === "1") runtime.err(placesOfDefect(error));
  else
    runtime.err(
      "Please report it with what FOLLOWTHROUGH_DEBUG=1 before the same command adds: where it happened, and nothing of any patient.",
    );
  return 1;
}
