/** A request that the server does not answer as asked; sent as an OperationOutcome with `status`. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly issueCode: IssueCode;

  /** `diagnostics` says what is wrong and what the server supports instead. */
  constructor(status: number, issueCode: IssueCode, diagnostics: string) {
    super(diagnostics);
    this.status = status;
    this.issueCode = issueCode;
  }
}

/** Of http://hl7.org/fhir/issue-type, those that this server says. */
export type IssueCode = "deleted" | "exception" | "expired" | "invalid" | "not-found" | "not-supported";

export function operationOutcome(code: IssueCode, diagnostics: string): object {
  return { resourceType: "OperationOutcome", issue: [{ severity: "error", code, diagnostics }] };
}
