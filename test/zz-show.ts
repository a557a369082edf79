import { makeHospital } from "./hospital/hospital.ts";
const h = makeHospital(Number(process.argv[2]));
const words = process.argv.slice(3);
console.log(h.timeZone, h.nows);
for (const r of h.resources) { const t = JSON.stringify(r); if (words.some((w) => t.includes(w))) console.log(t); }
console.log(JSON.stringify(h.coverage));
