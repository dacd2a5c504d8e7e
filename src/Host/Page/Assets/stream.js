// Reads the server's events. Not by EventSource: that can show no token.

const silentFor = 6000;
const hiddenFor = 30000;
const longestPause = 10000;

/** Keeps a stream open while somebody looks; calls receive(name, data) and tell(state, message), state being on, off or wait. */
export class Stream {
  #receive;
  #tell;
  #token = '';
  #abort = null;
  #timer = 0;
  #pause = 1000;

  constructor(receive, tell) {
    this.#receive = receive;
    this.#tell = tell;
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** Connects, with another token than before where one is given. */
  open(token = this.#token) {
    this.close();
    this.#token = token;
    this.#abort = new AbortController();
    this.#run(this.#abort);
  }

  close() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  // A page in the background is looked at by nobody, so the daemon need not work for it.
  #look() {
    clearTimeout(this.#timer);
    if (document.hidden) this.#timer = setTimeout(() => { this.close(); this.#tell('off', 'paused in the background'); }, hiddenFor);
    else if (!this.#abort) this.open();
  }

  async #run(abort) {
    let problem = '';
    try {
      problem = await this.#read(abort);
    } catch (error) {
      if (abort.signal.aborted && abort.signal.reason !== 'silent') return;
      problem = abort.signal.reason === 'silent' ? 'the daemon says nothing' : 'the daemon does not answer';
    }
    if (this.#abort !== abort) return;
    this.#tell('wait', problem);
    this.#abort = null;
    this.#timer = setTimeout(() => this.open(), this.#pause);
    this.#pause = Math.min(longestPause, this.#pause * 2);
  }

  // Gives why the stream ended.
  async #read(abort) {
    const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    const response = await fetch('api/page/events', { headers, cache: 'no-store', signal: abort.signal });
    if (!response.ok) return (await response.json().catch(() => ({}))).message ?? `the daemon answers ${response.status}`;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const silent = setTimeout(() => abort.abort('silent'), silentFor);
      const { value, done } = await reader.read();
      clearTimeout(silent);
      if (done) return 'the daemon ended the connection';
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        this.#take(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }

  #take(event) {
    const name = /^event: (.*)$/m.exec(event)?.[1];
    const data = /^data: (.*)$/m.exec(event)?.[1];
    if (!name || !data) return;
    this.#pause = 1000;
    this.#tell('on', '');
    this.#receive(name, JSON.parse(data));
  }
}
