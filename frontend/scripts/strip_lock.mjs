// Takes the funding notes out of a folder's package-lock.json, so that it holds versions and hashes and no addresses.
import { readFileSync, writeFileSync } from "node:fs";

const file = "package-lock.json"; // npm runs scripts in the package's own folder
const lock = JSON.parse(readFileSync(file, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
