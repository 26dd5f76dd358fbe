/** Playbooks: the advice to choose from. */
import { send } from "./http";

export const listPlaybooks = async () => (await send("get", "/api/v1/playbooks", {})).items;
