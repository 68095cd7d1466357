import { attempt, call, leave, tell } from "./page.js";

for (const button of document.querySelectorAll("[data-restore]")) {
  button.addEventListener("click", () => attempt(async () => {
    await call("POST", `/photos/${button.dataset.restore}/restore`);
    leave(button.closest("li"));
    tell(button.dataset.told);
  }));
}
