/** Fingers and mouse on a stage, as what they mean: swipe, pull down, pinch, pan, tap, double tap. */

const SLACK = 8; // pixels before a press is a movement
const DOUBLE_MS = 280;
const DOUBLE_REACH = 36;

/** Tell `wants` of gestures on `stage`: `canPan()`; `drag(x, y, axis)`, `dropped(x, y, speed, axis)`; `pan(dx, dy)`;
 * `pinch(factor, x, y, dx, dy)`, `pinched()`; `tap(x, y, type)`, `doubleTap(x, y)`. `ignore(event)`: not ours. */
export function listen(stage, wants) {
  const down = new Map();
  let start = null;
  let axis = null;
  let pinch = null;
  let lastTap = null;

  function pressed(event) {
    if (event.button || wants.ignore(event)) return;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size === 1) {
      start = { x: event.clientX, y: event.clientY, at: event.timeStamp, many: false };
      axis = null;
    } else if (down.size === 2) {
      if (axis) wants.dropped(0, 0, 0, axis);
      start.many = true;
      axis = null;
      pinch = between([...down.values()]);
      for (const id of down.keys()) stage.setPointerCapture(id);
    }
  }

  function moved(event) {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    down.set(event.pointerId, now);
    if (pinch && down.size >= 2) {
      const next = between([...down.values()]);
      wants.pinch(next.far / pinch.far, next.x, next.y, next.x - pinch.x, next.y - pinch.y);
      pinch = next;
      return;
    }
    const [x, y] = [now.x - start.x, now.y - start.y];
    if (!axis && !start.many && Math.hypot(x, y) > SLACK) {
      axis = wants.canPan() ? "both" : Math.abs(x) >= Math.abs(y) ? "x" : "y";
      stage.setPointerCapture(event.pointerId);
    }
    if (axis === "both" || (start.many && wants.canPan())) wants.pan(now.x - before.x, now.y - before.y);
    else if (axis) wants.drag(x, y, axis);
  }

  function lifted(event) {
    if (!down.delete(event.pointerId)) return;
    if (pinch && down.size < 2) {
      pinch = null;
      wants.pinched();
    }
    if (down.size || !start) return;
    const [x, y] = [event.clientX - start.x, event.clientY - start.y];
    const cancelled = event.type === "pointercancel";
    const past = Math.max(1, event.timeStamp - start.at);
    if (axis === "x" || axis === "y")
      wants.dropped(cancelled ? 0 : x, cancelled ? 0 : y, (axis === "x" ? x : y) / past, axis);
    else if (!axis && !start.many && !cancelled) tapped(event);
    start = null;
  }

  function tapped(event) {
    const twice =
      lastTap &&
      event.timeStamp - lastTap.at < DOUBLE_MS &&
      Math.hypot(event.clientX - lastTap.x, event.clientY - lastTap.y) < DOUBLE_REACH;
    clearTimeout(lastTap?.timer);
    if (twice) {
      lastTap = null;
      wants.doubleTap(event.clientX, event.clientY);
      return;
    }
    const [x, y, type] = [event.clientX, event.clientY, event.pointerType];
    lastTap = { x, y, at: event.timeStamp, timer: setTimeout(() => wants.tap(x, y, type), DOUBLE_MS) };
  }

  stage.addEventListener("pointerdown", pressed);
  stage.addEventListener("pointermove", moved);
  stage.addEventListener("pointerup", lifted);
  stage.addEventListener("pointercancel", lifted);
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  stage.addEventListener(
    "wheel",
    (event) => {
      if (wants.ignore(event)) return;
      event.preventDefault();
      wants.pinch(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 160), event.clientX, event.clientY, 0, 0);
      wants.pinched();
    },
    { passive: false },
  );
}

function between([one, other]) {
  return {
    x: (one.x + other.x) / 2,
    y: (one.y + other.y) / 2,
    far: Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)),
  };
}
