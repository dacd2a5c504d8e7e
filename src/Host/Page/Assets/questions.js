// Asks in a dialog: whether to do something, and for the token.

import { byId, setText } from './dom.js';

const kept = 'aeanomaly-token';

// Ends the question whose answer has not been told yet.
let settle;

/** Asks; gives a promise of yes or no, or of the text typed where one is asked for (null: cancelled). */
export function ask(title, text, yes, forText = false) {
  const dialog = byId('ask');
  const field = byId('ask-token');
  // A browser tells that a dialog was closed some time after it was: a question that is asked meanwhile must not take that for its own answer.
  settle?.();
  setText(byId('ask-title'), title);
  setText(byId('ask-text'), text);
  setText(byId('ask-yes'), yes);
  byId('ask-field').hidden = !forText;
  field.value = '';
  field.required = forText;
  dialog.returnValue = '';
  byId('ask-no').onclick = () => dialog.close();
  return new Promise(resolve => {
    settle = () => {
      settle = undefined;
      const isYes = dialog.returnValue === 'yes';
      resolve(forText ? (isYes ? field.value : null) : isYes);
      field.value = '';
    };
    dialog.onclose = () => { if (!dialog.open) settle?.(); };
    dialog.showModal();
    (forText ? field : byId('ask-yes')).focus();
  });
}

/** The admin token, kept for this tab alone. */
export class Token {
  #changed;

  constructor(changed) { this.#changed = changed; }

  get value() { return sessionStorage.getItem(kept) ?? ''; }

  async ask() {
    const given = await ask('Admin token', 'This daemon shows alerts and versions, and takes orders, only from whom shows its token (http.admin_token). It is kept for this tab.', 'Use it', true);
    if (given === null) return false;
    sessionStorage.setItem(kept, given);
    this.#changed();
    return true;
  }
}
