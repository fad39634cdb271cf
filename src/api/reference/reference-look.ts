/** The API reference in the product's own look: what @fastify/swagger-ui lets one add to its page. */

const mark = `<svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#fff" fill-opacity=".11"/><g fill="none" stroke-linecap="round" stroke-linejoin="round"><path d="M6 9.5c0 6.2 2.2 10 5 10s5-3.8 5-10c0 6.2 2.2 10 5 10s5-3.8 5-10" stroke="#fff" stroke-width="3"/><path d="M6 24.5c1.7-1.5 3.3-1.5 5 0s3.3 1.5 5 0 3.3-1.5 5 0 3.3 1.5 5 0" stroke="#f2a65a" stroke-width="2"/></g></svg>`;

/** Runs before the reference is drawn; it follows the theme that was chosen in the pages, and names what has no name. */
const script = `(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("mantine-color-scheme-value");
  } catch {}
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () =>
    document.documentElement.classList.toggle("dark-mode", chosen === "dark" || (chosen !== "light" && system.matches));
  paint();
  system.addEventListener("change", paint);

  const bar = document.createElement("header");
  bar.className = "wharf";
  bar.innerHTML = ${JSON.stringify(`<a href="/" class="brand">${mark}<b>Wharf</b></a><nav aria-label="Docs"><a href="/docs/api">API guide</a><a href="/docs/errors">Errors</a><a href="/api/openapi.json">OpenAPI</a><a href="/">Back to Wharf</a></nav>`)};
  const ui = document.getElementById("swagger-ui");
  const main = document.createElement("main");
  ui.replaceWith(main);
  main.append(ui);
  document.body.prepend(bar);

  const label = (selector, words) => {
    for (const each of ui.querySelectorAll(selector))
      if (!each.hasAttribute("aria-label")) each.setAttribute("aria-label", words(each));
  };
  const name = () => {
    label("button.expand-operation", (each) => "Show or hide " + (each.closest(".opblock-tag")?.dataset.tag ?? "these"));
    label("button.expand-methods, button.model-box-control", () => "Show or hide");
    label("input:not([id]), select:not([id]), textarea:not([id])", (each) =>
      each.closest("tr")?.dataset.paramName ?? (each.placeholder || (each.tagName === "TEXTAREA" ? "Request body" : "Value")));
    for (const each of ui.querySelectorAll(".highlight-code > pre, pre.microlight, .table-container")) each.tabIndex = 0;
  };
  let asked = 0;
  const soon = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      name();
    });
  };
  new MutationObserver(soon).observe(ui, { childList: true, subtree: true });
})();
`;

const css = `
:root { --surface: #fff; --sunken: #f7f4ef; --line: #e9e5de; --line-strong: #dcd6cc; --text: #22201c; --soft: #5f584e;
  --accent: #15616d; --link: #0f6a8a; --get: #0f6a8a; --post: #15754a; --patch: #9c5213; --delete: #b8332b; }
.dark-mode { --surface: #111c22; --sunken: #0d161b; --line: #20313a; --line-strong: #2f434c; --text: #dfe7ea; --soft: #9db0b6;
  --accent: #54a7ae; --link: #7cc6e0; --get: #7cc6e0; --post: #3fb983; --patch: #f2a65a; --delete: #f0847b; color-scheme: dark; }
body, html.dark-mode, .dark-mode body, .dark-mode .swagger-ui { background: var(--sunken) !important; }
header.wharf { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 24px; padding: 11px 24px;
  background: linear-gradient(90deg, #0b3441, #082530); font: 500 14.5px/1.4 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
header.wharf a { color: #cfe0e3; text-decoration: none; }
header.wharf a:hover { color: #fff; }
header.wharf .brand { display: flex; align-items: center; gap: 11px; color: #fff; font-size: 18px; }
header.wharf nav { display: flex; flex-wrap: wrap; gap: 4px 20px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header.wharf :focus-visible { outline-color: #8fd3d8; }
.swagger-ui, .swagger-ui :is(p, h1, h2, h3, h4, h5, table, td, th, label, select, input, button, li, .opblock-tag, .opblock-summary-description, .tab li) {
  font-family: system-ui, "Segoe UI", Roboto, Arial, sans-serif !important; }
.swagger-ui :is(p, h1, h2, h3, h4, h5, td, th, label, li, .opblock-tag, .info .title, .tab li, .response-col_status, .parameter__name, .parameter__in, .model, .model-title, .opblock-section-header > label, .responses-inner h4, .responses-inner h5, .opblock-description-wrapper, .opblock-external-docs-wrapper, .renderedMarkdown p) { color: var(--text) !important; }
.swagger-ui :is(.opblock-summary-description, .parameter__type, .parameter__in, .prop-format, .response-col_links, .opblock-tag small, .opblock-tag small p) { color: var(--soft) !important; }
.swagger-ui a:not(.nostyle), .swagger-ui .info a { color: var(--link) !important; }
.swagger-ui .wrapper { max-width: 1080px; padding: 0 24px; }
.swagger-ui .info { margin: 28px 0 8px; }
.swagger-ui .info .title { font-size: 24px; letter-spacing: -.02em; }
.swagger-ui .info .title small, .swagger-ui .info .link { display: none; }
.swagger-ui .info h2:not(.title) { margin: 22px 0 6px; font-size: 17px; }
.swagger-ui .info p { font-size: 15px; line-height: 1.6; }
.swagger-ui :is(.renderedMarkdown, .markdown, .info) code { padding: 1px 5px; background: color-mix(in srgb, var(--text) 8%, transparent) !important; color: var(--text) !important; font-weight: 400; }
.swagger-ui .scheme-container { padding: 14px 0; background: transparent !important; box-shadow: none; }
.swagger-ui .opblock-tag { border-bottom: 1px solid var(--line) !important; font-size: 18px; letter-spacing: -.01em; }
.swagger-ui .opblock { margin: 0 0 10px; border: 0 !important; border-radius: 12px; background: var(--surface) !important; box-shadow: 0 0 0 1px var(--line) !important; }
.swagger-ui .opblock .opblock-summary { border-color: var(--line) !important; }
.swagger-ui .opblock .opblock-summary-method { min-width: 70px; padding: 5px 0; border-radius: 7px; background: transparent !important; text-shadow: none; font: 700 12.5px ui-monospace, Menlo, Consolas, monospace; box-shadow: inset 0 0 0 1.5px currentColor; color: var(--get) !important; }
.swagger-ui .opblock-post .opblock-summary-method { color: var(--post) !important; }
.swagger-ui .opblock-patch .opblock-summary-method { color: var(--patch) !important; }
.swagger-ui .opblock-delete .opblock-summary-method { color: var(--delete) !important; }
.swagger-ui :is(.opblock-summary-path, .opblock-summary-path a) { color: var(--text) !important; font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
.swagger-ui .opblock .opblock-section-header, .swagger-ui .model-box, .swagger-ui section.models { background: var(--sunken) !important; box-shadow: none; }
.swagger-ui .btn { border-radius: 9px; box-shadow: none; color: var(--text) !important; border-color: var(--line-strong) !important; }
.swagger-ui .btn.authorize { color: var(--accent) !important; border-color: var(--accent) !important; }
.swagger-ui .btn.authorize svg { fill: var(--accent) !important; }
.swagger-ui .btn.execute { background: #15616d !important; color: #fff !important; border-color: #15616d !important; }
.swagger-ui :is(svg.arrow, .expand-operation svg, .opblock-control-arrow svg, .authorization__btn svg) { fill: var(--soft) !important; }
.swagger-ui :is(input, select, textarea) { background: var(--surface) !important; color: var(--text) !important; border-color: var(--line-strong) !important; }
.swagger-ui .dialog-ux .modal-ux { background: var(--surface) !important; border-color: var(--line); border-radius: 16px; }
.swagger-ui .highlight-code > pre, .swagger-ui pre.microlight { border-radius: 10px; }
.swagger-ui .parameter__name.required::after, .swagger-ui .parameter__name.required span { color: var(--delete) !important; }
`;

const file = (filename: string, content: string) => ({ filename, content });

export const look = {
  title: "API reference · Wharf",
  css: [file("wharf.css", css)],
  js: [file("wharf.js", script)],
  favicon: [
    {
      filename: "favicon.svg",
      rel: "icon",
      type: "image/svg+xml",
      sizes: "any",
      content: Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg"${mark.slice("<svg".length).replace('fill="#fff" fill-opacity=".11"', 'fill="#0f4c5c"')}`,
      ),
    },
  ],
};
