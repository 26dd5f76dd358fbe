/** The device's clock by the minute, for saying how old something is. What is due is told by the server alone. */
import { rightNow } from "./dates";

const MINUTE_MS = 60_000;

export const clock = $state({ now: rightNow() });

setInterval(() => (clock.now = rightNow()), MINUTE_MS);
