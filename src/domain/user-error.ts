/**
 * Something that the person who runs or configures us can mend. Anything else that is thrown is a defect.
 * `message` says what is wrong, with the values in it but never a secret; `fix` is the one thing to do about it.
 */
export class UserError extends Error {
  /** Permanent and lower case with hyphens, so that scripts and documentation can name it. */
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
    this.code = code;
    this.fix = fix;
  }
}
