/** Signing up, in and out, and who is signed in. */
import { send } from "./http";

export type Credentials = { email: string; password: string };
export type NewAccount = Credentials & { time_zone: string; setup_code?: string };
export type Me = {
  user: { id: string; email: string };
  account: { id: string; time_zone: string };
};

export const currentUser = () => send<Me>("GET", "/me", { signingIn: true });
export const signIn = (body: Credentials) => send<unknown>("POST", "/sessions", { body, signingIn: true });
export const signUp = (body: NewAccount) => send<unknown>("POST", "/accounts", { body, signingIn: true });
export const signOut = () => send<void>("DELETE", "/sessions", { signingIn: true });
