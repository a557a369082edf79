import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cache = join(import.meta.dirname, "../../node_modules/.cache/followthrough/synthea");

/** Fifteen patients with their doctors and hospitals, alike on every machine: seeds and dates are given. */
const asked = ["-p", "15", "-s", "7", "-cs", "7", "-r", "20260301", "-e", "20260301"];
const settings = ["bulk_data", "hospital.fhir.export", "practitioner.fhir.export"].flatMap((name) => [
  `--exporter.${name.startsWith("bulk") ? `fhir.${name}` : name}`,
  "true",
]);

/** It runs for seconds: optimising its code takes longer than it saves (34 s of processor time without these, 19 s with them). */
const shortRun = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** The folder of a Synthea population, made once for each machine: it needs Java, Maven and its registry the first time. */
export function makePopulation(): string {
  const folder = join(cache, asked.join("").replaceAll("-", "_"));
  if (existsSync(folder)) return join(folder, "fhir");
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "followthrough-synthea-"));
  const draft = mkdtempSync(join(cache, "draft-"));
  try {
    const classpath = findClasspath(work);
    execFileSync("java", [...shortRun, "-cp", classpath, "App", ...asked, ...settings, "--exporter.baseDirectory", draft], {
      cwd: work,
      stdio: "pipe",
    });
    renameSync(draft, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(draft, { recursive: true, force: true });
  }
  return join(folder, "fhir");
}

function findClasspath(work: string): string {
  copyFileSync(join(import.meta.dirname, "synthea/pom.xml"), join(work, "pom.xml"));
  execFileSync("mvn", ["-B", "-q", "dependency:build-classpath", "-Dmdep.outputFile=classpath"], { cwd: work, stdio: "pipe" });
  return readFileSync(join(work, "classpath"), "utf8").trim();
}
