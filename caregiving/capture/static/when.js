// What the time of a moment is called: the time of day, or in a visit the time on the visit's clock.
import { current } from "./outbox.js";
import { watchedMs } from "./parts.js";
import { session } from "./session.js";
import { clockTime, elapsedTime } from "./strings.js";

export function timeOf(instant_ms) {
  return session.board?.session ? elapsedTime(watchedMs(current(), instant_ms)) : clockTime(instant_ms);
}
