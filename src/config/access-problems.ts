import { textAt, valueAt } from "./written-value.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with how a source says that its server is asked, where one key only says it together with another or the environment. */
export function accessProblems(source: object, name: string, env: Environment): string[] {
  const auth = valueAt(source, "auth");
  const tls = valueAt(source, "tls");
  const has = (value: unknown, key: string): boolean => valueAt(value, key) !== undefined;
  const ways = ["basic", "bearer", "clientCredentials", "smart"].filter((key) => has(auth, key));
  return [
    ...(auth !== undefined && ways.length !== 1
      ? [
          `auth of source ${name} needs one of basic, bearer, clientCredentials and smart${ways.length > 1 ? `, not ${ways.join(" and ")}` : ""}.`,
        ]
      : []),
    ...(auth !== undefined && has(source, "tokenFrom")
      ? [`Source ${name} has both tokenFrom and auth: tokenFrom is short for auth: { bearer: { tokenFrom: … } }. Leave one out.`]
      : []),
    ...(has(tls, "certificateFile") !== has(tls, "keyFile")
      ? [`tls of source ${name} needs certificateFile and keyFile together: our certificate, and the private key that it is for.`]
      : []),
    ...secretProblems("tokenFrom", textAt(source, "tokenFrom"), "token", name, env),
    ...secretProblems("bearer.tokenFrom", textAt(valueAt(auth, "bearer"), "tokenFrom"), "token", name, env),
    ...secretProblems("basic.passwordFrom", textAt(valueAt(auth, "basic"), "passwordFrom"), "password", name, env),
    ...secretProblems(
      "clientCredentials.clientSecretFrom",
      textAt(valueAt(auth, "clientCredentials"), "clientSecretFrom"),
      "client secret",
      name,
      env,
    ),
  ];
}

/** The variable is not named: it may be that the secret itself was written there. */
function secretProblems(key: string, variable: string | undefined, what: string, name: string, env: Environment): string[] {
  if (variable === undefined) return [];
  const secret = (env[variable] ?? "").trim();
  if (secret === "") return [`The environment variable that ${key} of source ${name} names is not set: set it to the ${what}.`];
  // A header with such a token could not be sent, and the error about it would quote it.
  return what !== "token" || /^[\x21-\x7e]+$/.test(secret)
    ? []
    : [
        `The environment variable that ${key} of source ${name} names holds what no token can, such as a space or a line break: set it to the token alone.`,
      ];
}
