/** Puts the app on the page. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./styles/paper.css";
import "./styles/forms.css";

const target = document.getElementById("app");
if (target) mount(App, { target });
