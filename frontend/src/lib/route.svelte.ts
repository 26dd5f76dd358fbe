/** The address bar as state. Links are plain anchors; those within the app are followed without a reload. */

export const route = $state({ path: location.pathname });

const workers = "serviceWorker" in navigator ? navigator.serviceWorker : undefined;
let worker = workers?.controller;
let renewed = false;
workers?.addEventListener("controllerchange", () => {
  renewed ||= Boolean(worker);
  worker = workers.controller;
});

export function go(path: string): void {
  // A new release has come: its pages are not put together from files of two releases.
  if (renewed) return location.assign(path);
  if (path !== location.pathname) history.pushState(null, "", path);
  route.path = path;
  scrollTo(0, 0);
}

const SERVED_ELSEWHERE = /^\/(api|docs|health|metrics)(\/|$)/;

/** Follows a click on a link of ours; leaves every other click to the browser. */
export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.origin !== location.origin || link.hash || SERVED_ELSEWHERE.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname);
}

export function followHistory(): void {
  route.path = location.pathname;
}
