// Two tabs share one outbox; each tells the other when it has changed, so the counters agree.
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("caregiving-tap") : null;

export const tellOtherTabs = () => channel?.postMessage("changed");

export function onOtherTab(refresh) {
  channel?.addEventListener("message", refresh);
}
