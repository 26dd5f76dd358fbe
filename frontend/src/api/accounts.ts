/** Signing up, in and out, and who is signed in. */
import { send } from "./http";
import type { SignIn, SignUp } from "./types";

export const currentUser = () => send("get", "/api/v1/me", { signingIn: true });
export const signIn = (body: SignIn) => send("post", "/api/v1/sessions", { body, signingIn: true });
export const signUp = (body: SignUp) => send("post", "/api/v1/accounts", { body, signingIn: true });
export const signOut = () => send("delete", "/api/v1/sessions", { signingIn: true });
