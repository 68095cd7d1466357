import { attempt, call, leave, tell, tellNext } from "./page.js";

for (const button of document.querySelectorAll("[data-restore]")) {
  button.addEventListener("click", () => attempt(async () => {
    await call("POST", `/photos/${button.dataset.restore}/restore`);
    if (document.querySelectorAll("[data-restore]").length === 1) { tellNext(button.dataset.told, "h1"); location.reload(); return; }
    leave(button.closest("li"));
    tell(button.dataset.told);
  }));
}
