// A press: the button answers at once (within one frame), then the tap is written. A finger counts
// at the moment it touches, not when it lifts: that is when the parent saw the cue.
const CLICK_FOLLOWS_MS = 600; // a click later than this after the finger lifted is its own press

// On a very small or enlarged page the board can be scrolled; a finger that lands to scroll must
// not log anything, so the lift (click) counts there.
const pageScrolls = () => document.documentElement.scrollHeight > innerHeight + 1;

export function onPress(button, act) {
  let claimed = false; // this press has been counted at its pointerdown; the click is its echo
  let release = null;
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pageScrolls()) return;
    clearTimeout(release);
    claimed = true;
    act(event);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    button.addEventListener(end, () => {
      clearTimeout(release);
      release = setTimeout(() => (claimed = false), CLICK_FOLLOWS_MS);
    });
  }
  button.addEventListener("click", (event) => {
    // Keyboards and screen readers send a click with detail 0 and no pointer before it.
    if (event.detail === 0 || !claimed) act(event);
    else claimed = false;
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}

// The visible answer. Two alternating classes, so that a second quick tap is seen as a second tap.
const LIT_MS = 150; // gone before the next of five taps a second
const lit = new WeakMap(); // button -> the timer that puts it out

export function light(button) {
  const again = button.classList.contains("lit-a");
  button.classList.toggle("lit-a", !again);
  button.classList.toggle("lit-b", again);
  clearTimeout(lit.get(button));
  lit.set(button, setTimeout(() => button.classList.remove("lit-a", "lit-b"), LIT_MS));
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(12);
}

// When the next frame is drawn; a hidden page draws none, so do not wait for ever.
export function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve(performance.now()));
    setTimeout(() => resolve(null), 1000);
  });
}

const MOST_TAPS = 5000;
globalThis.caregivingTaps = [];

// For the tests that measure how fast a tap is answered and how soon it is safe.
export function measured(detail) {
  globalThis.caregivingTaps.push(detail);
  if (globalThis.caregivingTaps.length > MOST_TAPS) globalThis.caregivingTaps.shift();
  dispatchEvent(new CustomEvent("caregiving:tapped", { detail }));
}
