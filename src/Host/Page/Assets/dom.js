// Makes elements; texts are always texts, never markup.

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Makes an element: attributes by name, listeners as onclick, children as nodes or texts; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** Makes an element of a drawing. */
export function s(tag, attributes = {}, ...children) {
  return build(document.createElementNS(svgNamespace, tag), attributes, children);
}

/** Sets a text only where it changed: a live region would be read again, and a selection lost. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const byId = id => document.getElementById(id);

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}
