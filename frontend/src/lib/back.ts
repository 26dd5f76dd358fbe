/** Tries again for as long as the server is out of reach: at the browser's word, when somebody looks, after growing pauses. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** Returns what ends it. */
export function untilBack(again: () => unknown): () => void {
  let pause = FIRST_PAUSE_MS;
  let timer = setTimeout(rested, pause);

  function rested() {
    pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
    timer = setTimeout(rested, pause);
    if (navigator.onLine) lookedAt();
  }
  const lookedAt = () => document.visibilityState === "visible" && again();
  const online = () => again();

  addEventListener("online", online);
  document.addEventListener("visibilitychange", lookedAt);
  return () => {
    clearTimeout(timer);
    removeEventListener("online", online);
    document.removeEventListener("visibilitychange", lookedAt);
  };
}
