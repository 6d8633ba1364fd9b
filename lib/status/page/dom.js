/**
 * Making elements, and bringing what is shown in line with what was made. All text goes in as text:
 * names come from a configuration, messages from the network, and none of them is markup.
 */

/** @typedef {Node | string | null | false | readonly unknown[]} Part */
/** @typedef {Record<string, string | number | boolean | null>} Attributes */

/**
 * An element of HTML; `null` and `false` leave an attribute or a child out.
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {...Part} parts
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...parts) {
  return fill(document.createElement(tag), attributes, parts);
}

/**
 * An element of SVG.
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {...Part} parts
 * @returns {SVGElement}
 */
export function s(tag, attributes, ...parts) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return /** @type {SVGElement} */ (fill(element, attributes, parts));
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {Part[]} parts
 * @returns {E}
 */
function fill(element, attributes, parts) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const part of parts.flat(Infinity)) {
    if (part === null || part === false) continue;
    element.append(/** @type {Node | string} */ (part));
  }
  return element;
}

/**
 * Makes the children of an element those that are given, and touches nothing that is the same: the
 * focus, a selection and what was opened stay.
 * @param {Element} parent
 * @param {...Part} parts
 */
export function show(parent, ...parts) {
  patchChildren(parent, fill(document.createElement("div"), {}, parts));
}

/**
 * @param {Element} parent
 * @param {Element} wanted
 */
function patchChildren(parent, wanted) {
  const keyed = new Map([...parent.children].map((child) => [keyOf(child), child]));
  /** @type {ChildNode | null} */
  let place = parent.firstChild;
  for (const fresh of [...wanted.childNodes]) {
    const key = keyOf(fresh);
    const found = key === null ? place : keyed.get(key) ?? null;
    if (found === null || !isAlike(found, fresh)) {
      parent.insertBefore(fresh, place);
      continue;
    }
    if (found === place) place = place.nextSibling;
    else parent.insertBefore(found, place);
    if (!isSame(fresh)) patch(found, fresh);
  }
  while (place !== null) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

/**
 * @param {Node} node
 * @returns {string | null}
 */
function keyOf(node) {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}

/**
 * What stands for an element that is shown already, and is to stay as it is.
 * @param {string} tag
 * @param {string} key
 * @returns {HTMLElement}
 */
export function same(tag, key) {
  return h(tag, { "data-key": key, "data-same": true });
}

/**
 * @param {Node} node
 * @returns {boolean}
 */
function isSame(node) {
  return node instanceof Element && node.hasAttribute("data-same");
}

/**
 * @param {Node} old
 * @param {Node} fresh
 * @returns {boolean}
 */
function isAlike(old, fresh) {
  return old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);
}

/**
 * @param {Node} old
 * @param {Node} fresh
 */
function patch(old, fresh) {
  if (!(old instanceof Element) || !(fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    // Whether details are open is the reader's affair.
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  patchChildren(old, fresh);
}

/**
 * An element of the page that is always there.
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function at(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}
