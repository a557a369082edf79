import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { makeFolder } from "../fhir/make-folder.ts";

const env = { EPR_TOKEN: "abc.def\n", EPR_PASSWORD: "pass word", EPR_SECRET: "s3cret", EPR_LINES: "hunter2\nhunter3" };

/** Of a server whose source also says this. */
function fileWith(keys: string): string {
  const file = join(makeFolder(), "followthrough.yaml");
  writeFileSync(file, `sites:\n  - name: a\n    sources:\n      - { name: epr, url: https://fhir.example/R4, ${keys} }\n`);
  return file;
}

function accessOf(file: string): unknown {
  const [source] = loadConfig({ file, env }).sites[0]?.sources ?? [];
  return source !== undefined && "access" in source ? source.access : undefined;
}

function problemsIn(keys: string): string[] {
  try {
    loadConfig({ file: fileWith(keys), env });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).not.toContain("hunter2");
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

test.each([
  ["lag: PT5M", undefined],
  ["tokenFrom: EPR_TOKEN", { credentials: { kind: "bearer", token: "abc.def" } }],
  ["auth: { bearer: { tokenFrom: EPR_TOKEN } }", { credentials: { kind: "bearer", token: "abc.def" } }],
  [
    "auth: { basic: { user: reader, passwordFrom: EPR_PASSWORD } }",
    { credentials: { kind: "basic", user: "reader", password: "pass word" } },
  ],
  [
    "auth: { clientCredentials: { tokenUrl: https://auth.example/token, clientId: reader, clientSecretFrom: EPR_SECRET, scope: all } }",
    {
      credentials: {
        kind: "client-secret",
        tokenUrl: "https://auth.example/token",
        clientId: "reader",
        clientSecret: "s3cret",
        scope: "all",
      },
    },
  ],
  ["proxy: http://proxy.example:8080", { proxy: "http://proxy.example:8080" }],
  ["proxy: off", { proxy: "off" }],
])("a source that says %s is asked so", (keys, access) => {
  expect(accessOf(fileWith(keys))).toEqual(access);
});

test("files that a source names to get in are looked for beside the configuration", () => {
  const file = fileWith(
    "auth: { smart: { clientId: a, keyFile: key.pem, algorithm: ES384, keyId: k } }, tls: { caFile: ca.pem, certificateFile: ./c.pem, keyFile: /etc/c.key }",
  );
  const beside = (name: string) => resolve(dirname(file), name);
  expect(accessOf(file)).toEqual({
    credentials: { kind: "smart", clientId: "a", keyFile: beside("key.pem"), algorithm: "ES384", keyId: "k" },
    tls: { caFile: beside("ca.pem"), client: { certificateFile: beside("c.pem"), keyFile: "/etc/c.key" } },
  });
});

const notSet = (key: string, what: string) =>
  `line 4, column 9: The environment variable that ${key} of source epr names is not set: set it to the ${what}.`;
const notSafe =
  "This is no address that a client secret may be sent to. Write the whole address of the token endpoint, with https, such as https://auth.example/oauth2/token.";
const noProxy =
  "This is no address of a proxy. Write it like http://proxy.example:8080, or off; one that wants a password comes from the environment (HTTPS_PROXY).";

test.each<[keys: string, problems: readonly (string | RegExp)[]]>([
  ["auth: {}", ["line 4, column 9: auth of source epr needs one of basic, bearer, clientCredentials and smart."]],
  [
    "tokenFrom: EPR_TOKEN, auth: { bearer: { tokenFrom: EPR_TOKEN }, smart: { clientId: a, keyFile: k } }",
    [
      "line 4, column 9: auth of source epr needs one of basic, bearer, clientCredentials and smart, not bearer and smart.",
      "line 4, column 9: Source epr has both tokenFrom and auth: tokenFrom is short for auth: { bearer: { tokenFrom: … } }. Leave one out.",
    ],
  ],
  ["auth: { bearer: { tokenFrom: NOT_SET } }", [notSet("bearer.tokenFrom", "token")]],
  ["auth: { basic: { user: a, passwordFrom: NOT_SET } }", [notSet("basic.passwordFrom", "password")]],
  [
    "auth: { clientCredentials: { tokenUrl: https://auth.example/, clientId: a, clientSecretFrom: NOT_SET } }",
    [notSet("clientCredentials.clientSecretFrom", "client secret")],
  ],
  [
    "tokenFrom: EPR_LINES",
    [/^line 4, column 9: .* tokenFrom of source epr names holds what no token can, such as a space or a line break/],
  ],
  [
    "auth: { clientCredentials: { tokenUrl: http://auth.example/token, clientId: a, clientSecretFrom: EPR_SECRET } }",
    [`line 4, column 91: ${notSafe}`],
  ],
  ["auth: { smart: { tokenUrl: https://a:hunter2@auth.example/, clientId: a, keyFile: k } }", [`line 4, column 79: ${notSafe}`]],
  ["auth: { smart: { clientId: a, keyFile: k, algorithm: RS256 } }", [/Write RS384 or ES384, or leave it out\.$/]],
  ["auth: { smart: { clientId: a } }", [/"keyFile" is missing here\. Write a text/]],
  ["auth: { oauth: {} }", [/auth of source epr needs one of/, /"oauth" is not known here\./]],
  [
    "auth: { basic: { user: a, password: hunter2 } }",
    [/"passwordFrom" is missing here\. Write the name of the variable/, /"password" is not known here\. Known here: user, passwordFrom\.$/],
  ],
  ["tls: { certificateFile: c.pem }", [/tls of source epr needs certificateFile and keyFile together/]],
  ["proxy: http://user:hunter2@proxy.example:8080", [`line 4, column 59: ${noProxy}`]],
  ["proxy: proxy.example:8080", [`line 4, column 59: ${noProxy}`]],
])("what is wrong with %s is told with its place and what to write", (keys, problems) => {
  expect(problemsIn(keys)).toEqual(problems.map((each) => (typeof each === "string" ? each : (expect.stringMatching(each) as string))));
});

test("a token endpoint on this machine may do without https", () => {
  const keys = "auth: { smart: { tokenUrl: http://127.0.0.1:8080/token, clientId: a, keyFile: k } }";
  expect(accessOf(fileWith(keys))).toMatchObject({ credentials: { tokenUrl: "http://127.0.0.1:8080/token" } });
});
