/** Invitations as calendars send them (.ics), read by the server and stored nowhere. */
import { send } from "./http";

export const readInvitation = (text: string) => send("post", "/api/v1/calendar-invitations", { body: { text } });
