/** Puts the app on the page, and the shell on the device. */
import { mount } from "svelte";
import App from "./App.svelte";
import { zoneHasChanged } from "./lib/dates";
import "./styles/paper.css";
import "./styles/forms.css";

// The worker fetches the whole app: begun at once, it would keep the first view waiting for its own files.
const AFTER_FIRST_VIEW_MS = 2_000;

const target = document.getElementById("app");
if (target) mount(App, { target });

// Only what was built has one; a browser without them does without the shell offline.
if (import.meta.env.PROD && "serviceWorker" in navigator) setTimeout(keepShell, AFTER_FIRST_VIEW_MS);

function keepShell(): void {
  navigator.serviceWorker.register("/service-worker.js", { type: "module" }).then(lookForReleases, () => undefined);
}

// An installed app may stay open for weeks, and over a flight: typed times are read by the clock of where one is.
function lookForReleases(registration: ServiceWorkerRegistration): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    if (zoneHasChanged()) location.reload();
    else registration.update().catch(() => undefined);
  });
}
