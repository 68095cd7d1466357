// A piece of a straightened board, larger.

const SVG = "http://www.w3.org/2000/svg";

/** `place`: an outline on the straightened board; `address`: of its picture, of the given size. */
export function crop(place, address, [wide, high]) {
  const xs = place.map((p) => p[0]); const ys = place.map((p) => p[1]);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const room = height * 0.35;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "crop");
  svg.setAttribute("viewBox", `${left - room} ${top - room} ${width + 2 * room} ${height + 2 * room}`);
  svg.setAttribute("aria-hidden", "true");
  const image = document.createElementNS(SVG, "image");
  image.setAttribute("href", address);
  image.setAttribute("width", wide);
  image.setAttribute("height", high);
  svg.append(image);
  return svg;
}
