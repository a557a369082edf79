/** As whom a server is asked, over what TLS and through which proxy. Holds secrets: never print it. */
export interface ServerAccess {
  /** Absent: as nobody. */
  readonly credentials?: Credentials;
  readonly tls?: TlsFiles;
  /** `off`, or the URL of a proxy; absent: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. */
  readonly proxy?: string;
}

export type Credentials =
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string }
  | ({ readonly kind: "client-secret"; readonly tokenUrl: string; readonly clientSecret: string } & Client)
  | SmartCredentials;

/** SMART Backend Services: an assertion signed with a key of ours buys a token. */
export type SmartCredentials = {
  readonly kind: "smart";
  /** Absent: where the server's `.well-known/smart-configuration` says. */
  readonly tokenUrl?: string;
  /** Absolute: a private key in PEM, or as JWK or JWKS. */
  readonly keyFile: string;
  /** Absent: the one that the key is for. */
  readonly algorithm?: AssertionAlgorithm;
  /** `kid`: which key of a JWKS, and what the assertion names. */
  readonly keyId?: string;
} & Client;

/** RFC 6749's client. */
interface Client {
  readonly clientId: string;
  readonly scope?: string;
}

export const assertionAlgorithms = ["RS384", "ES384"] as const;
export type AssertionAlgorithm = (typeof assertionAlgorithms)[number];

/** Absolute paths of PEM files. */
export interface TlsFiles {
  /** Certificates that sign servers' own, beside those that are trusted anyway. */
  readonly caFile?: string;
  /** Ours, with the key that it is for: for a server that wants to see one (mutual TLS). */
  readonly client?: { readonly certificateFile: string; readonly keyFile: string };
}
