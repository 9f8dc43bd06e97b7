// Collects what contrast and target sizes are computed from; `shadow` and `root` come from the page object.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (color) => {
  const plain = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(color);
  if (plain) return [Number(plain[1]), Number(plain[2]), Number(plain[3]), plain[4] === undefined ? 1 : Number(plain[4])];
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
const opacityOf = (node) => {
  let opacity = 1;
  for (let at = node; at; at = parentOf(at)) opacity *= Number(getComputedStyle(at).opacity);
  return opacity;
};
/** Layers drawn under the words by pseudo elements. */
const layers = (node) =>
  ["::after", "::before"]
    .map((name) => getComputedStyle(node, name))
    .filter((style) => style.content !== "none" && style.position === "absolute" && style.inset !== "auto");
/** The grounds under a node, nearest first; the canvas last. */
const groundsOf = (node) => {
  const grounds = [];
  for (let at = node; at; at = parentOf(at)) {
    for (const layer of layers(at)) grounds.push(rgba(layer.backgroundColor));
    grounds.push(rgba(getComputedStyle(at).backgroundColor));
    if (grounds.at(-1)[3] === 1) break;
  }
  return grounds.filter((ground) => ground[3] > 0);
};
const isClipped = (node) => {
  const box = node.getBoundingClientRect();
  return box.width <= 1 || box.height <= 1;
};

const texts = [];
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
for (let text = walker.nextNode(); text; text = walker.nextNode()) {
  const node = text.parentElement;
  if (!text.data.trim() || !isShown(node) || isClipped(node) || node.localName === "option") continue;
  const opacity = opacityOf(node);
  // Words that have made way, as the button's do for its sign of waiting.
  if (opacity === 0) continue;
  const style = getComputedStyle(node);
  texts.push({
    what: text.data.trim().slice(0, 40),
    color: rgba(style.color),
    opacity,
    grounds: groundsOf(node),
    size: parseFloat(style.fontSize),
    weight: Number(style.fontWeight),
  });
}
const edgesOf = (style) =>
  ["Top", "Right", "Bottom", "Left"]
    .filter((side) => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none")
    .map((side) => rgba(style[`border${side}Color`]));
const controls = [];
for (const control of shadow.querySelectorAll("button, a[href], input, textarea, select, summary, [tabindex='0']")) {
  const box = boxOf(control);
  if (!isShown(box) || isClipped(box)) continue;
  const style = getComputedStyle(box);
  if (control.matches("textarea, input.field")) {
    const shown = control.value ? style : getComputedStyle(control, "::placeholder");
    const what = control.value || control.placeholder;
    if (what)
      texts.push({ what: what.slice(0, 40), color: rgba(shown.color), opacity: 1, grounds: groundsOf(control), size: 16, weight: 400 });
  }
  const edges = edgesOf(style);
  const fills = [rgba(style.backgroundColor)];
  for (const inner of box.querySelectorAll("*")) {
    const style = getComputedStyle(inner);
    if (inner instanceof SVGGeometryElement) edges.push(rgba(style.stroke));
    else {
      edges.push(...edgesOf(style));
      if (inner !== control) fills.push(rgba(style.backgroundColor));
    }
  }
  for (const node of [box, ...box.querySelectorAll("*")]) for (const layer of layers(node)) edges.push(...edgesOf(layer));
  const rect = box.getBoundingClientRect();
  controls.push({
    what: `${box.localName}.${box.className} ${box.innerText?.trim().slice(0, 30) ?? ""}`,
    kind: box.className,
    width: rect.width,
    height: rect.height,
    isDisabled: control.disabled === true,
    edges: [...edges, ...fills].filter((color) => color[3] > 0),
    grounds: groundsOf(parentOf(box)),
  });
}
return { texts, controls };
