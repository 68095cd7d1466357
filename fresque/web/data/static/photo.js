import { attempt, call, savedWord, tell } from "./page.js";

const photo = document.querySelector("[data-photo]").dataset.photo;
document.getElementById("content")?.addEventListener("change", (event) => attempt(async () => {
  await call("POST", `/photos/${photo}/corrections`, { field: "content", value: event.target.value });
  tell(savedWord);
}));
