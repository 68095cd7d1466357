import { attempt, call } from "./page.js";

for (const button of document.querySelectorAll("[data-restore]")) {
  button.addEventListener("click", () => attempt(async () => {
    await call("POST", `/photos/${button.dataset.restore}/restore`);
    button.closest("li").remove();
  }));
}
