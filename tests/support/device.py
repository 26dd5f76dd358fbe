"""What the app keeps in the browser's databases, where a write takes a moment after it was shown."""

from __future__ import annotations

from playwright.sync_api import Page

ANSWERS, RECAPS = ("afterword", "answers"), ("afterword-recaps", "drafts")
#: A reading waits for the writings that were begun before it.
READ = """([name, store]) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onsuccess = () => {
        const reading = opening.result.transaction(store).objectStore(store).count();
        reading.onsuccess = () => (opening.result.close(), resolve(reading.result));
        reading.onerror = () => reject(reading.error);
    };
})"""


def written(page: Page, place: tuple[str, str]) -> None:
    """Waits until what the page keeps there is there."""
    page.evaluate(READ, list(place))
