/** Lets the browser draw what is there and answer whoever types, before more is put on the page. */
export const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve));
