/** Lists that come in pages, read whole. */

type Page<Item> = { items: Item[]; next_cursor: string | null };

const MOST_PAGES = 25;

/** Every item, up to a number of pages that nobody's own search comes near. */
export async function everyItem<Item>(read: (cursor: string | null) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Page<Item> = await read(cursor);
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return items;
}
