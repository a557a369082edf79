import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { folderSize } from "../../src/fhir/folder-files.ts";
import type { FolderItem } from "../../src/fhir/folder-item.ts";
import { readFolder } from "../../src/fhir/read-folder.ts";
import { makeFolder } from "./make-folder.ts";

async function read(folder: string): Promise<FolderItem[]> {
  const items: FolderItem[] = [];
  for await (const some of readFolder(folder)) items.push(...some);
  return items;
}
const task = (id: string): object => ({ resourceType: "Task", id });
const line = (id: string): string => JSON.stringify(task(id));
/** One word an item: `file:line id`, or `file:line code lost`. */
const brief = (items: FolderItem[]): string[] =>
  items.map(
    (item) => `${item.file}:${item.line} ${item.kind === "resource" ? (item.resource as { id: string }).id : `${item.code} ${item.lost}`}`,
  );

test("files are read in the order of their names, audit trails last, subfolders and packed files included", async () => {
  const folder = makeFolder({
    "a/1.AuditEvent.ndjson": line("told"),
    "b.ndjson": `${line("b1")}\n${line("b2")}\n`,
    "a/2.ndjson.gz": gzipSync(`${line("a2")}\n`),
    "a/10.JSON": line("a10"),
    "a-b.ndjson": line("a-b"),
    "c.json": `[${line("c1")},${line("c2")}]`,
    "part.ndjson/part-0.ndjson": line("p"),
    "notes.txt": "not read",
    "._b.ndjson": "left by macOS",
    ".cache/x.ndjson": line("hidden"),
  });
  expect(brief(await read(folder))).toEqual([
    "a-b.ndjson:1 a-b",
    "a/10.JSON:1 a10",
    "a/2.ndjson.gz:1 a2",
    "b.ndjson:1 b1",
    "b.ndjson:2 b2",
    "c.json:1 c1",
    "c.json:2 c2",
    "part.ndjson/part-0.ndjson:1 p",
    "a/1.AuditEvent.ndjson:1 told",
  ]);
  expect((await folderSize(folder)).ignored).toEqual(["notes.txt"]);
});

test("byte order marks, CRLF, blank lines and a last line without a newline lose nothing and keep the numbers of lines", async () => {
  const folder = makeFolder({
    "a.ndjson": `\uFEFF${line("1")}\r\n\r\n  \n\uFEFF${line("4")}\r\n${line("5")}`,
    "b.json": `\uFEFF${line("b")}`,
  });
  expect(brief(await read(folder))).toEqual(["a.ndjson:1 1", "a.ndjson:4 4", "a.ndjson:5 5", "b.json:1 b"]);
});

test("what cannot be used is kept whole, with a reason that quotes none of it", async () => {
  const latin1 = Buffer.from('{"resourceType":"Task","id":"Jos\u00e9"}', "latin1");
  const folder = makeFolder({
    "a.ndjson": Buffer.concat([
      Buffer.from(`{"secret": smith}\n7\n{"name":"smith"}\n`),
      latin1,
      Buffer.from(`\n${line("5")}\n{"resourceType":"Task","id":"smi`),
    ]),
  });
  const items = await read(folder);
  expect(brief(items)).toEqual([
    "a.ndjson:1 not-json one",
    "a.ndjson:2 not-a-resource one",
    "a.ndjson:3 not-a-resource one",
    "a.ndjson:4 not-utf8 one",
    "a.ndjson:5 5",
    "a.ndjson:6 truncated unknown",
  ]);
  const unusable = items.filter((item) => item.kind === "unusable");
  expect(unusable.map((item) => item.text)).toEqual([
    '{"secret": smith}',
    "7",
    '{"name":"smith"}',
    latin1.toString("latin1"),
    '{"resourceType":"Task","id":"smi',
  ]);
  expect(unusable.filter((item) => /smi/.test(item.reason))).toEqual([]);
  expect(unusable.filter((item) => !/export|move|has one whole resource/i.test(item.reason))).toEqual([]);
});

test.each([
  ["a document cut short", '{"resourceType":"Task","id":"x', "truncated", /ends before its JSON does/],
  ["an empty document", "", "truncated", /ends before its JSON does/],
  ["a comma too many", '{"resourceType":"Task",\n "note":[1,]}', "not-json", /line 2, column 12/],
  ["NDJSON under the wrong name", `${line("1")}\n${line("2")}`, "not-json", /line 2, column 1.*\.ndjson/],
  ["no UTF-8", Buffer.from([0xff, 0xfe, 0x7b, 0x00]), "not-utf8", /UTF-8/],
])("a JSON file that is %s is one unusable item", async (_, content, code, reason) => {
  const text = typeof content === "string" ? content : content.toString("latin1");
  expect(await read(makeFolder({ "a.json": content }))).toEqual([
    { kind: "unusable", file: "a.json", line: 1, code, reason: expect.stringMatching(reason) as string, text, lost: "unknown" },
  ]);
});

test("of a packed file cut short everything before the cut is kept, at whatever byte it was cut", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => line(`${index}-${(index * 7919) % 1000}`));
  const packed = gzipSync(lines.join("\n") + "\n");
  for (const share of [0.1, 0.5, 0.9, 0.999]) {
    const items = await read(makeFolder({ "a.ndjson.gz": packed.subarray(0, Math.floor(packed.length * share)) }));
    const resources = items.filter((item) => item.kind === "resource").map((item) => JSON.stringify(item.resource));
    const rest = items.slice(resources.length).map((item) => (item.kind === "unusable" ? item.code : "resource"));
    expect(resources.length).toBeGreaterThan(lines.length * share * 0.8);
    expect(resources).toEqual(lines.slice(0, resources.length));
    expect(rest.at(-1)).toBe("damaged-gzip");
    expect(rest.slice(0, -1).every((code) => code === "truncated")).toBe(true);
  }
});

test.each([
  ["is no gzip at all", Buffer.from(line("1")), ["a.ndjson.gz:1 damaged-gzip unknown"]],
  ["is empty", Buffer.alloc(0), ["a.ndjson.gz:1 damaged-gzip unknown"]],
  ["lost only its check sum", gzipSync(`${line("1")}\n`).subarray(0, -4), ["a.ndjson.gz:1 1", "a.ndjson.gz:2 damaged-gzip unknown"]],
  ["was packed in two pieces", Buffer.concat([gzipSync(`${line("1")}\n`), gzipSync(line("2"))]), ["a.ndjson.gz:1 1", "a.ndjson.gz:2 2"]],
])("a packed file that %s is read as far as it goes", async (_, content, expected) => {
  expect(brief(await read(makeFolder({ "a.ndjson.gz": content })))).toEqual(expected);
});

test("a line of more than 64 MB is unusable and the lines around it are read", async () => {
  const huge = Buffer.alloc(64 * 1024 * 1024 + 1, "x");
  const [before, item, after] = await read(
    makeFolder({ "a.ndjson": Buffer.concat([Buffer.from(`${line("1")}\n`), huge, Buffer.from(`\n${line("3")}\n`)]) }),
  );
  expect(brief([before!, item!, after!])).toEqual(["a.ndjson:1 1", "a.ndjson:2 too-large one", "a.ndjson:3 3"]);
  expect(item).toHaveProperty("text", "x".repeat(1024 * 1024));
});

test("a JSON file of more than 128 MB is unusable and says how to make NDJSON of it", async () => {
  const huge = Buffer.alloc(128 * 1024 * 1024 + 1, "[");
  const [item] = await read(makeFolder({ "a.json": huge }));
  expect(item).toEqual({
    kind: "unusable",
    file: "a.json",
    line: 1,
    code: "too-large",
    lost: "unknown",
    reason: expect.stringContaining("jq -c") as string,
    text: "[".repeat(1024 * 1024),
  });
});

test("nesting without end is unusable, never a crash", async () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const folder = makeFolder({
    "a.ndjson": `${deep}\n{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Task","id":"1","x":${deep}}}]}\n`,
  });
  expect(brief(await read(folder))).toEqual(["a.ndjson:1 too-deep one", "a.ndjson:2 too-deep one"]);
});

test("a loop of links ends, and each real folder is read once", async () => {
  const folder = makeFolder({ "sub/a.ndjson": line("1") });
  symlinkSync(folder, join(folder, "sub", "loop"));
  symlinkSync(join(folder, "sub"), join(folder, "z-again"));
  expect(brief(await read(folder))).toEqual(["sub/a.ndjson:1 1"]);
});

test("coverage.json and a bulk manifest are no resources", async () => {
  const manifest = {
    transactionTime: "2026-03-01T00:00:00Z",
    request: "https://x/$export",
    output: [{ type: "Task", url: "https://x/1" }],
  };
  const folder = makeFolder({
    "coverage.json": "{}",
    "sub/coverage.json": "no JSON",
    "export.json": JSON.stringify(manifest),
    "a.ndjson": line("1"),
  });
  expect(brief(await read(folder))).toEqual(["a.ndjson:1 1"]);
});

test("progress goes up to the size of the folder on disk", async () => {
  const folder = makeFolder({
    "a.ndjson.gz": gzipSync(`${line("1")}\n`.repeat(50_000)),
    "b.ndjson": `${line("1")}\n`.repeat(5_000),
    "c.json": line("c"),
    "coverage.json": "{}",
  });
  const heard: number[] = [];
  for await (const items of readFolder(folder, (bytes) => heard.push(bytes)))
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(["resource"]));
  const size = await folderSize(folder);
  expect(size.files).toBe(4);
  expect(heard.at(-1)).toBe(size.bytes);
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
});

test("a folder that cannot be read says what it is and what to do", async () => {
  const folder = makeFolder({ "a.ndjson": line("1"), "notes/readme.txt": "" });
  const failures = [];
  for (const path of [join(folder, "nowhere"), join(folder, "a.ndjson"), join(folder, "notes")]) {
    failures.push(await read(path).catch((error: unknown) => error));
  }
  expect(failures).toMatchObject([
    {
      name: "UserError",
      code: "folder-missing",
      message: `There is no folder ${join(folder, "nowhere")}.`,
      fix: expect.stringContaining("Check its name") as string,
    },
    { name: "UserError", code: "folder-not-a-folder", fix: `Name the folder that holds it: ${folder}` },
    { name: "UserError", code: "folder-empty", fix: expect.stringContaining("*.ndjson") as string },
  ]);
});

test("a link to a file that is gone stops the reading before it starts", async () => {
  const folder = makeFolder({ "a.ndjson": line("1") });
  symlinkSync(join(folder, "gone"), join(folder, "b.ndjson"));
  await expect(read(folder)).rejects.toMatchObject({ code: "file-unreadable", message: expect.stringContaining("b.ndjson") as string });
});

test("a file that can no longer be read stops the reading, after what came before it", async () => {
  const folder = makeFolder({ "a.ndjson": line("1"), "b.ndjson": line("2") });
  const items = readFolder(folder);
  expect((await items.next()).value).toMatchObject([{ file: "a.ndjson" }]);
  rmSync(join(folder, "b.ndjson"));
  await expect(items.next()).rejects.toMatchObject({
    name: "UserError",
    code: "file-unreadable",
    message: `The file ${join(folder, "b.ndjson")} cannot be read (ENOENT).`,
    fix: expect.stringContaining("chmod u+r") as string,
  });
});
