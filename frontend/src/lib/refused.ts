/** After a refusal: the first field that it is about, or what is said of the whole form, is brought into sight. */
import { tick } from "svelte";

export async function showRefusal(form: HTMLFormElement): Promise<void> {
  await tick();
  const field = form.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (field) field.focus();
  else form.querySelector('.problem, [role="alert"]')?.scrollIntoView({ block: "center" });
}
