// The page's only way to the server: reading, acting and the stream of changes.

async function json(response) {
  if (!response.ok) throw new Error(`The local workspace answered ${response.status}.`);
  return response.json();
}

const query = (parameters) => new URLSearchParams(parameters).toString();

/** The state for `as`; for nobody, or for somebody who is not of this workspace, the server chooses the person. */
export async function readState(as) {
  const response = await fetch(`/ui/state?${query(as ? { as } : {})}`);
  return json(response.status === 404 && as ? await fetch("/ui/state") : response);
}

export function readMessages(as, channel, thread) {
  const parameters = thread ? { as, channel, thread } : { as, channel };
  return fetch(`/ui/messages?${query(parameters)}`).then(json);
}

/** Resolves to the server's answer; a server that cannot be reached is an answer with a sentence, too. */
export async function act(as, doing, details = {}) {
  try {
    const response = await fetch("/ui/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as, do: doing, ...details }),
    });
    return await response.json();
  } catch {
    return { ok: false, error: "We had some trouble connecting to the local workspace. Is it still running?" };
  }
}

export const fileAddress = (as, file) => {
  const address = new URL(`/ui/file/${encodeURIComponent(file.id)}`, location.origin);
  address.searchParams.set("as", as);
  return address.href;
};

/** Calls `changed(names)` for each event; `status(online)` as the connection comes and goes. */
export function listen(as, changed, status) {
  const source = new EventSource(`/ui/stream?${query({ as })}`);
  source.onopen = () => status(true);
  source.onerror = () => status(false);
  source.onmessage = (event) => changed(JSON.parse(event.data).changed ?? []);
  return () => source.close();
}
