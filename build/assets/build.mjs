// Makes src/Latchkey.Web/wwwroot/vendor: Tabler's stylesheet without the components that need its script,
// with its data: pictures as files (the content policy allows no data: address), htmx, and one sprite of icons.
// And connectors/logos: the outlines of the connectors' logos that simple-icons has.
// And the commonest passwords of zxcvbn's list, as the beginnings of their hashes: nobody wants to read them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import postcss from "postcss";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../../src/Latchkey.Web/wwwroot/vendor");
const npm = (path) => readFileSync(join(here, "node_modules", path), "utf8");

// Class families no page uses: what needs Tabler's script, what belongs to other libraries, and Tabler's own page
// frame, in whose place stands ours. A rule goes when each of its selectors names one of them.
const dropped = [
  "accordion", "apexcharts", "autosize", "bs-popover", "bs-tooltip", "calendar", "carousel", "chat", "chart", "cookie-banner",
  "collapse", "collapsing", "coloris", "clr", "datepicker", "dropdown", "dropend", "dropstart", "dropup", "dropzone", "dz",
  "fc", "flatpickr", "form-colorinput", "form-imagecheck", "fslightbox", "fullcalendar", "hugerte", "img", "io", "irs",
  "jsvectormap", "jvm", "lb", "layout", "legend", "litepicker", "markdown", "modal", "nav-segmented", "navbar", "noUi",
  "offcanvas", "otp", "input-otp", "page", "payment", "plyr", "popover", "ribbon", "settings", "signal", "signature", "social",
  "sortable", "sparkline", "star-rating", "strength", "tabler", "tom-select", "toast", "tooltip", "tox", "tracking", "ts", "ts-control",
  "ts-dropdown", "ts-wrapper", "turbo", "typed", "vc", "video-js", "wizard", "object", "ratio", "vr", "step", "steps", "timeline",
  "theme", "divide", "datagrid", "nav-bordered", "switch-icon", "form-selectgroup", "cursor", "marketing", "hr-text", "placeholder",
  "bg", "breadcrumb", "btn-check", "btn-ghost", "btn-outline", "focus-ring", "g-col", "input-group", "link", "list-group", "list-inline",
  "nav-pills", "nav-tabs", "offset", "pagination", "progress", "prose", "status",
];
const isDropped = (name) => dropped.some((family) => name === family || name.startsWith(`${family}-`) || name.startsWith(`${family}_`));
const kept = ["chart-legend", "page-item", "page-link", "placeholder-shown"];

function namesDropped(selector) {
  if (/\[data-vc|\[data-bs-theme-(base|radius|font|primary)|:host\(/.test(selector)) {
    return true;
  }
  const classes = [...selector.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map((match) => match[1]);
  return classes.some((name) => !kept.includes(name) && isDropped(name));
}

function makeStylesheet() {
  const root = postcss.parse(npm("@tabler/core/dist/css/tabler.min.css"));
  root.walkComments((comment) => comment.remove());
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) {
      return;
    }
    const selectors = rule.selectors.filter((selector) => !namesDropped(selector));
    if (selectors.length === 0) {
      rule.remove();
    } else if (selectors.length < rule.selectors.length) {
      rule.selectors = selectors;
    }
  });

  const used = new Set();
  root.walkDecls(/^animation/, (decl) => decl.value.split(/[\s,]+/).forEach((word) => used.add(word)));
  root.walkAtRules("keyframes", (rule) => {
    if (!used.has(rule.params)) {
      rule.remove();
    }
  });
  root.walkAtRules((rule) => {
    if (rule.nodes && rule.nodes.length === 0) {
      rule.remove();
    }
  });

  root.walkDecls((decl) => {
    decl.value = decl.value.replace(/url\((["']?)data:image\/svg\+xml[^,]*,(.*?)\1\)/g, (_, quote, data) => {
      const svg = decodeURIComponent(data);
      const name = `${createHash("sha256").update(svg).digest("hex").slice(0, 10)}.svg`;
      writeFileSync(join(out, "pictures", name), svg);
      // As seen from latchkey.css, of which this becomes the beginning.
      return `url(vendor/pictures/${name})`;
    });
  });
  const css = root.toString();
  if (css.includes("data:")) {
    throw new Error("a data: address is left in the stylesheet");
  }
  return css;
}

function makeSprite() {
  const symbols = readFileSync(join(here, "icons.txt"), "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => {
      const [name, source = name] = line.split(" ");
      const svg = npm(`@tabler/icons/icons/outline/${source}.svg`);
      const inner = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
      const paths = inner.replace(/\s*\n\s*/g, "").replace(/ ?\/>/g, "/>").replace(/<path stroke="none"[^>]*>/g, "");
      return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
    });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

function makeLogos() {
  const logos = join(here, "../../connectors/logos");
  rmSync(logos, { recursive: true, force: true });
  mkdirSync(logos, { recursive: true });
  const about = new Map(JSON.parse(npm("simple-icons/data/simple-icons.json")).map((icon) => [icon.slug, icon]));
  for (const line of readFileSync(join(here, "logos.txt"), "utf8").split("\n")) {
    if (!line || line.startsWith("#")) {
      continue;
    }
    const [connector, icon] = line.split(" ");
    // The collection is CC0; a few of its icons are not.
    const licence = about.get(icon)?.license?.type;
    if (licence && licence !== "CC0-1.0") {
      throw new Error(`the icon ${icon} is under ${licence}`);
    }
    writeFileSync(join(logos, `${connector}.svg`), `${npm(`simple-icons/icons/${icon}.svg`).trim()}\n`);
  }
}

function makeCommonPasswords() {
  const list = npm("zxcvbn/lib/frequency_lists.js").match(/^ {2}passwords: "(.*?)"\.split/m)[1];
  const hashes = list
    .split(",")
    .filter((password) => password.length >= 4)
    .map((password) => createHash("sha256").update(password).digest().subarray(0, 5))
    .sort(Buffer.compare);
  writeFileSync(join(here, "../../src/Latchkey.Server/SignIn/Passwords/common-passwords.bin"), Buffer.concat(hashes));
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "pictures"), { recursive: true });
writeFileSync(join(out, "tabler.css"), `/*! Tabler 1.6.1, MIT, https://tabler.io; parts removed, pictures moved to files */${makeStylesheet()}`);
writeFileSync(join(out, "htmx.js"), npm("htmx.org/dist/htmx.min.js"));
writeFileSync(join(out, "icons.svg"), makeSprite());
makeLogos();
makeCommonPasswords();
