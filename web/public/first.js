// Runs before the first paint, from a file of its own because the Content-Security-Policy allows no inline script.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // No storage: the system decides.
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");

  // Pages inside the shell wait for who is signed in: asked for while the code is still on its way.
  if (/^\/(sign-in|welcome)(\/|$)/.test(location.pathname)) return;
  document.documentElement.setAttribute("data-boot", "shell");
  var me = fetch("/api/v1/me", { headers: { accept: "application/json" } });
  me.catch(function () {});
  window.early = { "/api/v1/me": me };
})();
