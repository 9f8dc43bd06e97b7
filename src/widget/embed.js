// The loader: registers <qing-ting> and starts everything the survey needs at once.
// `__BUILD__` and `__LANGUAGES__` are filled in by the bundle.

const loader = import.meta.url;
const languages = __LANGUAGES__;
let build = "b/__BUILD__/";
let reloaded = false;

/** What does not change between the widgets of a page: code, stylesheet, texts of each language. */
let started;
const texts = {};

const fetched = (address, init) =>
  fetch(address, { credentials: "omit", ...init }).then((response) => {
    if (!response.ok) throw new Error(`${response.status} ${address}`);
    return response;
  });

/** The main part, if the page asked for it in its head (a preload link) and it is of this loader's build. */
const fetchedAhead = async () => {
  const { href } = new URL("widget.wasm", loader);
  if (!document.querySelector(`link[href="${href}"]`)) throw href;
  // The link and this must ask in the same way to be one request.
  const response = await fetched(href, { credentials: "same-origin" });
  if (!build.includes(response.headers.get("x-qingting-build"))) throw href;
  return response;
};

const base = () => new URL(build, loader).href;

const start = () => {
  const folder = base();
  const preload = document.createElement("link");
  preload.rel = "modulepreload";
  preload.href = `${folder}link.js`;
  document.head.append(preload);
  const wasm = fetchedAhead().catch(() => fetched(`${folder}widget.wasm`));
  const code = import(`${folder}widget.js`).then((glue) => glue.default({ module_or_path: wasm }).then(() => glue));
  const sheet = fetched(`${folder}widget.css`)
    .then((response) => response.text())
    .then((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      return sheet;
    });
  // One rejection is enough for the page to hear of.
  wasm.catch(() => {});
  sheet.catch(() => {});
  return Promise.all([code, sheet]);
};

const textsOf = (language) =>
  (texts[language] ??= fetched(`${base()}${language}.json`).then((response) => response.json()));

/** A build folder that is gone means that this loader came from an old cache: ask once past it. */
const startAgain = async () => {
  if (reloaded) throw new Error("the build is gone");
  reloaded = true;
  const fresh = await fetched(loader, { cache: "reload" }).then((response) => response.text());
  build = /b\/\w+\//.exec(fresh)[0];
  for (const language in texts) delete texts[language];
  return (started = start());
};

const wasmBytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** Whether the app can run here: the browser's floor, a host that forbids wasm, a host that enforces Trusted Types. */
const canRun = () => {
  try {
    new WebAssembly.Module(wasmBytes);
    new CSSStyleSheet().replaceSync("");
    document.createElement("template").innerHTML = "<b></b>";
    return Boolean(crypto.getRandomValues && Array.prototype.at);
  } catch {
    return false;
  }
};

const languageOf = (tag) => tag.toLowerCase().split("-")[0];
const choose = (...wishes) => {
  for (const wish of wishes)
    for (const language of languages) if (wish && languageOf(wish) === languageOf(language)) return language;
  return languages[0];
};

class QingTing extends HTMLElement {
  #widget;
  #root;

  connectedCallback() {
    if (!this.#widget && !this.#root && canRun()) this.#mount();
  }

  disconnectedCallback() {
    // Moving an element disconnects and connects it: only what is still gone after that is gone.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#widget?.free();
      this.#widget = this.#root = undefined;
      this.shadowRoot?.replaceChildren();
    });
  }

  async #mount() {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const root = (this.#root = document.createElement("div"));
    root.part = "root";
    root.className = "qt";
    root.dataset.state = "loading";
    const theme = this.getAttribute("theme") ?? "auto";
    const system = matchMedia("(prefers-color-scheme: dark)");
    // Some systems turn dark in the evening, also while somebody answers.
    const paint = () => (root.dataset.theme = (theme === "auto" ? system.matches : theme === "dark") ? "dark" : "light");
    system.onchange = paint;
    paint();
    root.style.minHeight = "634px";
    shadow.replaceChildren(root);
    const endpoint = new URL(this.getAttribute("endpoint") ?? ".", loader).href;
    const language = choose(this.lang, ...navigator.languages);
    try {
      started ??= start();
      const name = encodeURIComponent(this.getAttribute("survey"));
      const ask = (cache) => fetch(`${endpoint}v1/surveys/${name}`, { credentials: "omit", cache });
      // A survey may have been closed since this browser kept it; what was kept serves where the endpoint is not reached.
      // Read as it comes, so that nothing waits for the definition once the code is there.
      const survey = /^c/.test(this.getAttribute("start")) ? Promise.resolve() : ask("no-cache").catch(() => ask("force-cache")).then(async (response) => {
        const text = await response.text();
        return { status: response.status, headers: response.headers, text: async () => text };
      });
      survey.catch(() => {});
      const load = () => Promise.all([started, textsOf(language)]);
      const [[glue, sheet], strings] = await load().catch(() => startAgain().then(load));
      if (!this.isConnected || this.#root !== root) return;
      shadow.adoptedStyleSheets = [sheet];
      root.style.minHeight = "";
      const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      this.#widget = glue.mount(root, survey, { id, strings, texts: textsOf, language, languages, endpoint, build: base() });
    } catch (error) {
      started = undefined;
      shadow.replaceChildren(document.createElement("slot"));
      this.dispatchEvent(
        new CustomEvent("qing-error", { bubbles: true, composed: true, detail: { reason: String(error) } }),
      );
    }
  }
}

if (!customElements.get("qing-ting")) customElements.define("qing-ting", QingTing);
