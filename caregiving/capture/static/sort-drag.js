// Dragging with a finger, a pen or a mouse: pointer events, since the browser's own drag and drop does
// not hear fingers. A press that does not travel stays a tap.
const TRAVEL_PX = 8;
const EDGE_PX = 56;
const SCROLL_PX = 14;

// `from`: selector of what can be dragged; `onto`: selector of where it can be dropped.
// `pick(element)` answers {label, ...} or null, `drop(place, picked)` lays it down.
export function dragging({ from, onto, pick, drop }) {
  let press = null;
  let ghost = null;
  let place = null;

  const mark = (next) => {
    if (next === place) return;
    place?.classList.remove("over");
    next?.classList.add("over");
    place = next;
  };

  const end = () => {
    mark(null);
    ghost?.remove();
    press?.element.classList.remove("dragged");
    press = ghost = null;
  };

  const start = () => {
    const picked = pick(press.element);
    if (!picked) return end();
    press.picked = picked;
    press.element.classList.add("dragged");
    ghost = document.createElement("div");
    ghost.className = "ghost";
    ghost.textContent = picked.label;
    ghost.setAttribute("aria-hidden", "true");
    document.body.append(ghost);
  };

  document.addEventListener("pointerdown", (event) => {
    const element = event.target.closest?.(from);
    if (!element || event.button !== 0 || !event.isPrimary) return;
    press = { element, id: event.pointerId, x: event.clientX, y: event.clientY, picked: null };
  });

  document.addEventListener("pointermove", (event) => {
    if (press?.id !== event.pointerId) return;
    if (!press.picked) {
      if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < TRAVEL_PX) return;
      start();
      if (!press) return;
    }
    ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px) translate(-50%, -60%)`;
    if (event.clientY < EDGE_PX) scrollBy(0, -SCROLL_PX);
    if (event.clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
    mark(document.elementFromPoint(event.clientX, event.clientY)?.closest(onto) ?? null);
  });

  document.addEventListener("pointerup", (event) => {
    if (press?.id !== event.pointerId) return;
    const { picked } = press;
    const target = place;
    end();
    if (!picked) return;
    // The click that follows a drag is its echo, not a tap.
    const swallow = (click) => click.stopPropagation();
    const hear = () => removeEventListener("click", swallow, { capture: true });
    addEventListener("click", swallow, { capture: true, once: true });
    addEventListener("pointerdown", hear, { capture: true, once: true }); // the next press is a new one
    setTimeout(hear, 50);
    if (target) drop(target, picked);
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => event.key === "Escape" && end());
}
