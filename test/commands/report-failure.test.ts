import { expect, test } from "vitest";
import { reportFailure } from "../../src/commands/report-failure.ts";
import { UserError } from "../../src/domain/user-error.ts";

function report(error: unknown, env: Record<string, string> = {}): { code: number; said: string } {
  let said = "";
  const code = reportFailure(error, { env, err: (text) => (said += `${text}\n`) });
  return { code, said };
}

test("what a person can mend is said with its mend, and nothing else", () => {
  expect(report(new UserError("folder-missing", "There is no folder x.", "Check its name."))).toEqual({
    code: 2,
    said: "There is no folder x.\nCheck its name.\n",
  });
});

test("a defect is called one, without its message, which may quote a record", () => {
  const { code, said } = report(new SyntaxError('Unexpected token in "Olive Thackray"'));
  expect(code).toBe(1);
  expect(said).toMatch(/^This is a defect of Followthrough, not of your data or settings \(SyntaxError\)\./);
  expect(said).not.toMatch(/Thackray|\n\s+at /);
});

test("FOLLOWTHROUGH_DEBUG=1 adds where it happened and its causes, still without their messages", () => {
  const cause = Object.assign(new Error("duplicate key (Olive Thackray)"), { code: "23505" });
  const { code, said } = report(new Error("while storing Olive Thackray\n on two lines", { cause }), { FOLLOWTHROUGH_DEBUG: "1" });
  expect(code).toBe(1);
  expect(said).toMatch(/\n {4}at .*report-failure\.test\.ts:\d+/);
  expect(said).toContain("caused by Error 23505");
  expect(said).not.toMatch(/Thackray|two lines/);
});
