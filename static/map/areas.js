/* The map of areas: draws what coverage/faces/maps/folium_map.py hands over, and nothing else.
 *
 * base(map, source)         geometry, once for each map
 * paint(map, group, data)   classes, words, legend and markers, as often as they change
 *
 * Every text arrives as data and reaches the page through textContent: names come from uploads.
 */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const NARROW = 520;
  const LABEL_PX = 6.2;
  const LABEL_HEIGHT = 15;
  const READABLE_PX = 45;
  const MOST_FOUND = 8;
  const NEAR_ZOOM = 12;

  const GLYPHS = {
    unit: { fill: "#c51b1b", line: "#ffffff", outline: "circle", sign: "M12 7.5v9M7.5 12h9" },
    unit_unverified: { fill: "#ffffff", line: "#c51b1b", outline: "circle", sign: "M12 7.5v9M7.5 12h9" },
    base: { fill: "#111111", line: "#ffffff", outline: "circle", sign: "M12 6l1.8 3.9 4.2.5-3.1 2.9.8 4.2L12 15.4l-3.7 2.1.8-4.2L6 10.4l4.2-.5z" },
    added: { fill: "#111111", line: "#ffffff", outline: "square", sign: "M12 7v10M7 12h10" },
    closed: { fill: "#ffffff", line: "#444444", outline: "circle", sign: "M8.5 8.5l7 7M15.5 8.5l-7 7" },
    stop: { fill: "#111111", line: "#ffffff", outline: "circle", sign: "" },
    held: { fill: "#1f6f78", line: "#ffffff", outline: "circle", sign: "M7.5 12.5l3 3 6-6.5" },
  };

  /* streamlit-folium reports a click by the tooltip text of the clicked layer; ours is an address such as
   * "area/74.71.01.1005", percent-encoded because the component parses it as HTML. */
  function reporting(layer, address) {
    layer._tooltip = { _content: address };
    layer.getTooltip = function () {
      return { getContent: function () { return address; } };
    };
    return layer;
  }

  function element(name, className, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function svg(name, attributes) {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    return node;
  }

  /* Geometry ------------------------------------------------------------------------------------------- */

  function decodeLine(flat, scale) {
    const points = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  }

  function decodeArea(area, scale) {
    return area.map(function (rings) {
      return rings.map(function (ring) { return decodeLine(ring, scale); });
    });
  }

  function drawGeometry(map, state, geometry) {
    const scale = geometry.scale;
    state.land = L.polygon(geometry.land.map(function (area) { return decodeArea(area, scale); }).flat(), {
      interactive: false, className: "jk-land", weight: 0.7, color: "#9aa39b", fillColor: "#eceae2", fillOpacity: 1,
    }).addTo(map);
    if (state.tiles) state.land.setStyle({ fillOpacity: 0 });
    geometry.areas.forEach(function (area, index) {
      let layer = null;
      if (area.length === 2 && typeof area[0] === "number") {
        layer = L.circleMarker([area[1] / scale, area[0] / scale], { radius: 6 });
      } else if (area.length) {
        layer = L.polygon(decodeArea(area, scale), { smoothFactor: 0.7 });
      }
      if (layer) {
        layer.jkIndex = index;
        reporting(layer, "area/" + encodeURIComponent(geometry.codes[index])).addTo(state.areas);
      }
      state.layers.push(layer);
    });
    const borders = geometry.borders.map(function (line) { return decodeLine(line, scale); });
    [["#ffffff", 3], ["#222222", 1.2]].forEach(function (look) {
      L.polyline(borders, { interactive: false, color: look[0], weight: look[1], opacity: 0.85, smoothFactor: 0.7 }).addTo(map);
    });
    state.geometry = geometry;
  }

  function corners(box) {
    return L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
  }

  /* Left and right of the region: room for the buttons and the open legend, as far as it can be had for no more than
   * one step of the zoom. */
  function besides(map, bounds) {
    const box = map.getContainer().querySelector(".jk-legend[open]");
    const legend = box ? box.offsetWidth + 20 : 12;
    const full = map.getBoundsZoom(bounds, false, L.point(24, 24));
    return [[48, legend], [12, legend], [48, 12]].find(function (sides) {
      const wide = sides[0] + sides[1];
      return wide < map.getSize().x / 2 && map.getBoundsZoom(bounds, false, L.point(wide, 24)) >= full - map.options.zoomSnap;
    }) || [12, 12];
  }

  function base(map, source) {
    const state = {
      layers: [], geometry: null, controls: [], areas: L.featureGroup().addTo(map),
      selection: null, data: null, moved: false, tiles: null, land: null, off: {}, members: {}, found: -1, chosen: -1,
    };
    map.jangkau = state;
    /* Leaflet focuses the map when the mouse goes down. Where the map is taller than what is in sight, the page around
     * it would scroll beneath the pointer and the first click would be lost. */
    map.getContainer().focus = function () {
      HTMLElement.prototype.focus.call(this, { preventScroll: true });
    };
    const bounds = corners(source.bounds);
    const fit = function () {
      map.setMinZoom(0);
      const sides = besides(map, bounds);
      map.fitBounds(bounds, {
        paddingTopLeft: [sides[0], 12], paddingBottomRight: [sides[1], 12], maxZoom: 14, animate: false,
      });
      map.setMinZoom(Math.max(map.getZoom() - 0.75, 0));
    };
    fit();
    map.setMaxBounds(corners(source.window));
    map.on("dragstart", function () { state.moved = true; });
    map.getContainer().addEventListener("wheel", function () { state.moved = true; }, { passive: true });
    state.sizes = new ResizeObserver(function () {
      map.invalidateSize({ animate: false });
      if (!state.moved) fit();
    });
    state.sizes.observe(map.getContainer());
    state.home = function () { state.moved = false; fit(); };
    state.tooltip = L.tooltip({ sticky: true, opacity: 1, className: "jk-tooltip", direction: "auto" });
    watchPointer(map, state);
    watchLabels(map, state);
    /* The file is named by its content, so whatever the browser kept is right. */
    state.ready = fetch(source.url, { cache: "force-cache" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (geometry) { drawGeometry(map, state, geometry); });
  }

  /* Hovering and selecting ------------------------------------------------------------------------------- */

  /* One digit (base 36) for each area; anything else means that the area has no class. */
  function classOf(state, index) {
    return state.data ? parseInt(state.data.classes[index], 36) : NaN;
  }

  /* The words of one line of a tooltip; each part is [digits to a number, numbers of words in base 36]. */
  function lineOf(data, parts, index) {
    return parts.map(function (part) {
      return data.words[parseInt(part[1].slice(index * part[0], (index + 1) * part[0]), 36)];
    }).filter(Boolean).join(": ");
  }

  function facts(state, index) {
    const box = element("div");
    const geometry = state.geometry;
    box.append(element("strong", "", geometry.names[index]), element("div", "jk-place", geometry.places[geometry.place[index]]));
    if (state.data) {
      state.data.lines.forEach(function (parts) {
        const line = lineOf(state.data, parts, index);
        if (line) box.append(element("div", "", line));
      });
    }
    return box;
  }

  function watchPointer(map, state) {
    /* Leaflet turns tooltips left or right only; near the upper and lower edge they would be cut off. */
    const keepInside = function () {
      const node = state.tooltip.getElement();
      if (!node) return;
      const half = node.offsetHeight / 2 + 6;
      const y = map.latLngToContainerPoint(state.tooltip.getLatLng()).y;
      const shift = Math.max(half - y, 0) - Math.max(y + half - map.getSize().y, 0);
      if (shift !== state.tooltip.options.offset.y) {
        state.tooltip.options.offset = L.point(0, shift);
        state.tooltip.update();
      }
    };
    state.tell = function (box, at) {
      state.tooltip.options.offset = L.point(0, 0);
      state.tooltip.setContent(box).setLatLng(at).openOn(map);
      keepInside();
    };
    state.areas.on("mouseover", function (event) {
      const layer = event.propagatedFrom || event.layer;
      if (layer.jkIndex === undefined) return;
      state.hovered = layer;
      layer.setStyle({ weight: 2, color: "#111111" });
      state.tell(facts(state, layer.jkIndex), event.latlng);
    });
    state.areas.on("mousemove", function (event) {
      state.tooltip.setLatLng(event.latlng);
      keepInside();
    });
    state.areas.on("mouseout", function () {
      if (state.hovered) state.hovered.setStyle(areaStyle(state, state.hovered.jkIndex));
      state.hovered = null;
      map.closeTooltip(state.tooltip);
    });
    state.areas.on("click", function (event) {
      const layer = event.propagatedFrom || event.layer;
      if (layer.jkIndex === undefined) return;
      state.found = -1;
      select(map, state, layer.jkIndex, false);
    });
  }

  function select(map, state, index, bringIntoView) {
    if (state.selection) state.selection.remove();
    state.selection = null;
    const layer = index >= 0 ? state.layers[index] : null;
    if (!layer) return;
    const outline = { interactive: false, fill: false, className: "jk-selected", color: "#111111", weight: 3.5 };
    if (layer.getLatLngs) {
      state.selection = L.polygon(layer.getLatLngs(), outline).addTo(map);
      if (bringIntoView && !map.getBounds().contains(layer.getBounds())) map.panTo(layer.getBounds().getCenter());
    } else {
      state.selection = L.circleMarker(layer.getLatLng(), Object.assign({ radius: 9 }, outline)).addTo(map);
      if (bringIntoView && !map.getBounds().contains(layer.getLatLng())) map.panTo(layer.getLatLng());
    }
  }

  /* Colours and patterns ----------------------------------------------------------------------------------- */

  function fillOf(entry, index) {
    return entry.pattern === "plain" ? entry.color : "url(#jk-fill-" + index + ")";
  }

  /* White borders vanish between light areas. */
  function light(entry) {
    if (entry.pattern !== "plain") return true;
    const rgb = parseInt(entry.color.slice(1), 16);
    return 0.3 * (rgb >> 16) + 0.59 * ((rgb >> 8) & 255) + 0.11 * (rgb & 255) > 150;
  }

  function areaStyle(state, index) {
    const number = classOf(state, index);
    const entry = state.data && state.data.legend[number];
    if (!entry) return { weight: 0.5, color: "#8a8f8a", fillColor: "#ffffff", fillOpacity: 0.6, opacity: 1 };
    const edge = light(entry) ? { color: "#4a4a4a", opacity: 0.45 } : { color: "#ffffff", opacity: 0.6 };
    return Object.assign({ weight: 0.4, fillColor: fillOf(entry, number), fillOpacity: state.tiles ? 0.55 : 1 }, edge);
  }

  function pattern(entry, id) {
    const tile = svg("pattern", { id: id, width: 7, height: 7, patternUnits: "userSpaceOnUse" });
    tile.append(svg("rect", { width: 7, height: 7, fill: "#ffffff" }));
    if (entry.pattern === "hatch") {
      tile.append(svg("path", { d: "M-1 1l2-2M0 7l7-7M6 8l2-2", stroke: entry.color, "stroke-width": 1.8 }));
    } else {
      tile.append(svg("circle", { cx: 2, cy: 2, r: 1.1, fill: entry.color }), svg("circle", { cx: 5.5, cy: 5.5, r: 1.1, fill: entry.color }));
    }
    return tile;
  }

  function definePatterns(map, legend) {
    const container = map.getContainer();
    const old = container.querySelector("svg.jk-patterns");
    if (old) old.remove();
    const holder = svg("svg", { class: "jk-patterns", width: 0, height: 0, "aria-hidden": "true" });
    const defs = svg("defs", {});
    legend.forEach(function (entry, index) {
      if (entry.pattern !== "plain") defs.append(pattern(entry, "jk-fill-" + index));
    });
    holder.append(defs);
    container.append(holder);
  }

  /* Layers to hide and show; what the reader chose stays when the data change ------------------------------------ */

  function put(state, group, key, layer) {
    (state.members[key] = state.members[key] || []).push(layer);
    if (!state.off[key]) layer.addTo(group);
  }

  function show(state, group, key, on) {
    state.off[key] = !on;
    (state.members[key] || []).forEach(function (layer) {
      if (on) layer.addTo(group);
      else group.removeLayer(layer);
    });
  }

  function checkbox(words, on, changed) {
    const row = element("label", "jk-row jk-layer");
    const box = element("input");
    box.type = "checkbox";
    box.checked = on;
    box.addEventListener("change", function () { changed(box.checked); });
    row.append(box, element("span", "", words));
    return row;
  }

  /* Roads of OpenStreetMap lie beneath only where the reader asks for them: everything else works without a network. */
  function tiles(map, state, on) {
    if (state.tiles) state.tiles.forEach(function (part) { part.remove(); });
    state.tiles = null;
    if (on) {
      const layer = L.tileLayer(state.data.tiles.url, { maxZoom: 19, zIndex: 1 });
      layer.once("tileerror", function () {
        if (state.tiles) state.tiles.push(corner("topleft", element("div", "jk-badge jk-failed", state.data.texts.tiles_failed)).addTo(map));
      });
      state.tiles = [layer, corner("bottomleft", element("div", "jk-badge jk-tiles", state.data.tiles.by)).addTo(map)];
      layer.addTo(map);
    }
    if (state.land) state.land.setStyle({ fillOpacity: on ? 0 : 1 });
    state.layers.forEach(function (layer, index) { if (layer) layer.setStyle(areaStyle(state, index)); });
  }

  /* Markers ------------------------------------------------------------------------------------------------- */

  function glyph(kind, text, size) {
    const look = GLYPHS[kind] || GLYPHS.stop;
    const node = svg("svg", { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "jk-glyph" });
    const edge = { fill: look.fill, stroke: look.line, "stroke-width": 2 };
    const shape = look.outline === "circle"
      ? svg("circle", Object.assign({ cx: 12, cy: 12, r: 10 }, edge))
      : svg("rect", Object.assign({ x: 3, y: 3, width: 18, height: 18, rx: 3 }, edge));
    node.append(shape);
    if (look.sign) node.append(svg("path", { d: look.sign, fill: "none", stroke: look.line, "stroke-width": 2.4 }));
    if (text) {
      const label = svg("text", { x: 12, y: 16, "text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: look.line });
      label.textContent = text;
      node.append(label);
    }
    return node;
  }

  /* Units often share the point of their town: put them side by side instead of on top of each other. */
  function offsets(markers) {
    const seats = {};
    markers.forEach(function (marker, index) {
      const seat = marker.lat.toFixed(3) + " " + marker.lon.toFixed(3);
      (seats[seat] = seats[seat] || []).push(index);
    });
    const shift = [];
    Object.values(seats).forEach(function (indices) {
      indices.forEach(function (index, place) { shift[index] = (place - (indices.length - 1) / 2) * 17; });
    });
    return shift;
  }

  function drawMarkers(map, state, group, markers) {
    const shift = offsets(markers);
    markers.forEach(function (marker, index) {
      const holder = element("div");
      holder.append(glyph(marker.kind, marker.text, 22));
      const icon = L.divIcon({ html: holder, className: "jk-marker", iconSize: [22, 22], iconAnchor: [11 - shift[index], 11] });
      const pin = L.marker([marker.lat, marker.lon], { icon: icon, alt: marker.name, title: "", keyboard: true });
      const box = element("div");
      box.append(element("strong", "", marker.name));
      marker.lines.forEach(function (line) { box.append(element("div", "", line)); });
      pin.on("mouseover focus", function () { state.tell(box, pin.getLatLng()); });
      pin.on("mouseout blur", function () { map.closeTooltip(state.tooltip); });
      pin.on("add", function () { pin.getElement().setAttribute("aria-label", marker.name); });
      put(state, group, marker.layer, reporting(pin, "marker/" + encodeURIComponent(marker.id)));
    });
  }

  /* Ways and zones ------------------------------------------------------------------------------------------ */

  function drawZones(group, data) {
    data.zones.forEach(function (zone) {
      L.polygon(decodeArea(zone.area, data.scale), {
        interactive: false, className: "jk-zone", color: zone.color, weight: 2.2, opacity: 1,
        fillColor: zone.color, fillOpacity: 0.13, smoothFactor: 0.5,
      }).addTo(group);
    });
  }

  function drawWays(map, state, group, data) {
    data.ways.forEach(function (way) {
      const lines = way.parts.map(function (part) { return decodeLine(part, data.scale); });
      /* The white edge takes the pointer: a dashed line would lose it in its gaps. */
      const look = way.thin
        ? { className: "jk-way jk-thin", color: "#ffffff", weight: 5, opacity: 0.55 }
        : { className: "jk-way", color: "#ffffff", weight: 7, opacity: 0.9 };
      const edge = reporting(L.polyline(lines, look), "way/");
      const dash = way.dashed ? (way.thin ? "1 5" : "2 8") : null;
      put(state, group, way.layer, edge);
      put(state, group, way.layer, L.polyline(lines, {
        interactive: false, color: way.color, weight: way.thin ? 2.2 : 4, opacity: 1, dashArray: dash,
      }));
      if (!way.name) return;
      const box = element("div");
      box.append(element("strong", "", way.name));
      way.lines.forEach(function (words) { box.append(element("div", "", words)); });
      edge.on("mouseover", function (event) { state.tell(box, event.latlng); });
      edge.on("mouseout", function () { map.closeTooltip(state.tooltip); });
    });
  }

  /* Labels of the larger units, the larger first, none over another ---------------------------------------------- */

  function usualWidths(labels) {
    const widths = [];
    labels.forEach(function (label) { (widths[label[2]] = widths[label[2]] || []).push(label[3]); });
    return widths.map(function (rank) { return rank.sort(function (a, b) { return a - b; })[Math.floor(rank.length / 2)]; });
  }

  function watchLabels(map, state) {
    const pane = map.createPane("jkLabels");
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
    const place = function () {
      pane.replaceChildren();
      if (!state.geometry) return;
      const scale = state.geometry.scale;
      const pixelsPerDegree = 256 * Math.pow(2, map.getZoom()) / 360;
      const view = map.getBounds();
      const taken = [];
      const usual = state.usual || (state.usual = usualWidths(state.geometry.labels));
      state.geometry.labels.forEach(function (label) {
        const at = L.latLng(label[1] / scale, label[0] / scale);
        const rank = label[2];
        const name = typeof label[4] === "number" ? state.geometry.names[label[4]] : label[4];
        const half = name.length * LABEL_PX / 2;
        if (rank > 0 && usual[rank] * pixelsPerDegree < READABLE_PX) return;
        if (rank > 0 && label[3] * pixelsPerDegree < 2 * half) return;
        if (!view.contains(at)) return;
        const point = map.latLngToLayerPoint(at);
        const box = [point.x - half, point.y - LABEL_HEIGHT / 2, point.x + half, point.y + LABEL_HEIGHT / 2];
        const free = taken.every(function (other) {
          return box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3];
        });
        if (!free) return;
        taken.push(box);
        const node = element("div", "jk-label jk-rank-" + rank, name);
        L.DomUtil.setPosition(node, point.round());
        pane.append(node);
      });
    };
    map.on("zoomstart", function () { pane.replaceChildren(); });
    map.on("moveend zoomend resize", place);
    state.placeLabels = place;
  }

  /* Legend, badge, scale, zoom ------------------------------------------------------------------------------------- */

  function corner(position, node) {
    const control = L.control({ position: position });
    control.onAdd = function () {
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    };
    return control;
  }

  function swatch(entry, index) {
    if (entry.marker) return glyph(entry.marker, "", 16);
    const node = svg("svg", { width: 18, height: 13, "aria-hidden": "true" });
    if (entry.stroke) {
      const dash = entry.stroke === "dashed" ? { "stroke-dasharray": "2 5" } : {};
      node.append(svg("path", Object.assign({ d: "M1 6.5h16", stroke: entry.color, "stroke-width": 3.4, "stroke-linecap": "round" }, dash)));
      return node;
    }
    node.append(svg("rect", { width: 18, height: 13, fill: fillOf(entry, index), stroke: "#666666" }));
    return node;
  }

  function legend(map, state, group, data) {
    const box = element("details", "jk-legend");
    box.open = map.getContainer().clientWidth > NARROW;
    box.append(element("summary", "", data.texts.legend));
    data.legend.forEach(function (entry, index) {
      const row = element("div", "jk-row");
      row.append(swatch(entry, index), element("span", "", entry.label));
      box.append(row);
    });
    const choices = element("div", "jk-choices");
    data.layers.forEach(function (layer) {
      if (!(layer.key in state.off)) state.off[layer.key] = !layer.shown;
      choices.append(checkbox(layer.label, !state.off[layer.key], function (on) { show(state, group, layer.key, on); }));
    });
    choices.append(checkbox(data.texts.tiles, Boolean(state.tiles), function (on) { tiles(map, state, on); }));
    box.append(choices);
    return box;
  }

  function zoomControl(map, state, texts) {
    const box = element("div", "leaflet-bar");
    const button = function (sign, words, action) {
      const link = element("a", "", sign);
      link.href = "#";
      link.title = words;
      link.setAttribute("role", "button");
      link.setAttribute("aria-label", words);
      link.addEventListener("click", function (event) { event.preventDefault(); state.moved = true; action(); });
      box.append(link);
    };
    button("+", texts.zoom_in, function () { map.zoomIn(); });
    button("\u2212", texts.zoom_out, function () { map.zoomOut(); });
    button("\u2302", texts.whole, state.home);
    return box;
  }

  /* Search by name: letters and digits decide, so that Bau-Bau is found as baubau ------------------------------- */

  function folded(text) {
    return text.normalize("NFD").toLowerCase().replace(/[^a-z0-9]/g, "");
  }

  function found(geometry, wanted) {
    const begins = [];
    const holds = [];
    geometry.names.forEach(function (name, index) {
      const at = folded(name).indexOf(wanted);
      if (at === 0) begins.push(index);
      else if (at > 0) holds.push(index);
    });
    return begins.concat(holds).slice(0, MOST_FOUND);
  }

  function goTo(map, state, index) {
    const layer = state.layers[index];
    if (!layer) return;
    state.moved = true;
    state.found = index;
    const bounds = layer.getBounds ? layer.getBounds() : L.latLngBounds([layer.getLatLng()]);
    map.fitBounds(bounds, { maxZoom: NEAR_ZOOM, animate: false });
    showFound(map, state);
  }

  /* What was searched for stays in sight when data change, until something else is chosen. */
  function showFound(map, state) {
    const layer = state.layers[state.found];
    select(map, state, state.found, false);
    state.tell(facts(state, state.found), layer.getBounds ? layer.getBounds().getCenter() : layer.getLatLng());
  }

  function search(map, state, texts) {
    const box = element("div", "jk-search");
    const input = element("input");
    const list = element("div", "jk-found");
    input.type = "search";
    input.placeholder = texts.search;
    input.setAttribute("aria-label", texts.search);
    list.setAttribute("role", "listbox");
    const close = function () { list.replaceChildren(); };
    const choose = function (index) { close(); input.value = state.geometry.names[index]; goTo(map, state, index); };
    input.addEventListener("input", function () {
      close();
      const wanted = folded(input.value);
      if (!wanted || !state.geometry) return;
      const hits = found(state.geometry, wanted);
      hits.forEach(function (index) {
        const option = element("button", "", state.geometry.names[index]);
        option.type = "button";
        option.setAttribute("role", "option");
        option.append(element("span", "jk-place", state.geometry.places[state.geometry.place[index]]));
        option.addEventListener("click", function () { choose(index); });
        list.append(option);
      });
      if (!hits.length) list.append(element("div", "jk-place", texts.search_none));
    });
    box.addEventListener("keydown", function (event) {
      const options = [...list.querySelectorAll("button")];
      const at = options.indexOf(document.activeElement);
      if (event.key === "Escape") { close(); input.focus(); }
      else if (event.key === "Enter" && at < 0 && options.length) options[0].click();
      else if (event.key === "ArrowDown" && options.length) options[Math.min(at + 1, options.length - 1)].focus();
      else if (event.key === "ArrowUp" && at >= 0) (at ? options[at - 1] : input).focus();
      else return;
      event.preventDefault();
    });
    box.append(input, list);
    return box;
  }

  function dress(map, state, group, data) {
    state.search = state.search || search(map, state, data.texts);
    const controls = [
      corner("topleft", zoomControl(map, state, data.texts)),
      corner("topleft", state.search),
      corner("topright", element("div", "jk-badge", data.caption)),
      corner("bottomright", legend(map, state, group, data)),
      L.control.scale({ position: "bottomleft", imperial: false }),
    ];
    controls.forEach(function (control) { control.addTo(map); });
    map.getContainer().setAttribute("aria-label", data.caption);
    return controls;
  }

  function paint(map, group, data) {
    const state = map.jangkau;
    state.controls.forEach(function (control) { control.remove(); });
    state.data = data;
    state.members = {};
    state.controls = dress(map, state, group, data);
    /* The legend gets its size when its style sheet has arrived. */
    state.sizes.observe(map.getContainer().querySelector(".jk-legend"));
    map.closeTooltip(state.tooltip);
    definePatterns(map, data.legend);
    drawMarkers(map, state, group, data.markers);
    state.ready.then(function () {
      if (state.data !== data) return;
      state.layers.forEach(function (layer, index) { if (layer) layer.setStyle(areaStyle(state, index)); });
      drawZones(group, data);
      drawWays(map, state, group, data);
      if (data.selected !== state.chosen) state.found = -1;
      state.chosen = data.selected;
      if (state.found >= 0) showFound(map, state);
      else select(map, state, data.selected, true);
      state.placeLabels();
      performance.mark("jangkau-painted");
      map.getContainer().dataset.painted = String(Number(map.getContainer().dataset.painted || 0) + 1);
    }, function (reason) {
      corner("topleft", element("div", "jk-badge jk-failed", data.texts.failed + " (" + reason.message + ")")).addTo(map);
    });
  }

  window.jangkau = { base: base, paint: paint };
})();
