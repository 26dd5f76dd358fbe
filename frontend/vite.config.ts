/** The build: one app, one page for the API's documentation, and a limit on what the first view may weigh. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { apiDocumentation } from "./scripts/api_documentation.ts";
import { firstViewLimit } from "./scripts/first_view_limit.ts";

const backend = process.env["AFTERWORD_BACKEND"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte(), apiDocumentation(), firstViewLimit({ kilobytes: 45 })],
  build: {
    target: "es2022",
    // The page's policy allows no data: addresses, so nothing may be inlined as one.
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": backend, "/health": backend } },
});
