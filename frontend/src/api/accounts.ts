/** Signing up, in and out, who is signed in, and the settings of their account. */
import { send } from "./http";
import type { AccountChange, SignIn, SignUp } from "./types";

export const currentUser = () => send("get", "/api/v1/me", { signingIn: true });
export const signIn = (body: SignIn) => send("post", "/api/v1/sessions", { body, signingIn: true });
export const signUp = (body: SignUp) => send("post", "/api/v1/accounts", { body, signingIn: true });
export const signOut = () => send("delete", "/api/v1/sessions", { signingIn: true });

export const readMe = () => send("get", "/api/v1/me", {});
export const changeMe = (body: AccountChange, ifMatch: string | undefined) => send("patch", "/api/v1/me", { body, ifMatch });
