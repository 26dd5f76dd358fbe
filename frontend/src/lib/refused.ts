/** After a refusal: the first field that it is about, or what is said of the whole form, is brought into sight. */
import { tick } from "svelte";

export async function showRefusal(form: HTMLFormElement): Promise<void> {
  await tick();
  const [first] = form.querySelectorAll<HTMLElement>('[aria-invalid="true"], fieldset .problem');
  if (first?.matches("[aria-invalid]")) first.focus();
  else (first ?? form.querySelector('[role="alert"]'))?.scrollIntoView({ block: "center" });
}
