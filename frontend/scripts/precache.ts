/** Tells the service worker which files make up the shell, each with a fingerprint where its name has none. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const PUBLIC = join(import.meta.dirname, "..", "public");
const PLACE = "self.__WB_MANIFEST";

type Entry = { url: string; revision: string | null };

export function precache({ worker }: { worker: string }): Plugin {
  return {
    name: "precache",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunk = bundle[worker];
      if (chunk?.type !== "chunk" || !chunk.code.includes(PLACE)) this.error(`${worker} has no place for the list of files`);
      const built = Object.entries(bundle).filter(([name]) => name !== worker && !name.startsWith("docs/"));
      const entries: Entry[] = built.map(([name, file]) => entryOf(name, file.type === "chunk" ? file.code : file.source));
      entries.push(...readdirSync(PUBLIC).map((name) => entryOf(name, readFileSync(join(PUBLIC, name)))));
      chunk.code = chunk.code.replace(PLACE, JSON.stringify(entries.sort((one, other) => one.url.localeCompare(other.url))));
    },
  };
}

// The names of what is built into assets/ change with the contents.
function entryOf(name: string, content: string | Uint8Array): Entry {
  const revision = name.startsWith("assets/") ? null : createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { url: `/${name}`, revision };
}
