// The functions of ln-service that boltwall calls, over the API of an LNbits: LNBITS_URL and LNBITS_KEY name its payee.
"use strict";

async function ask(method, path, body) {
  const answer = await fetch(process.env.LNBITS_URL + path, {
    method,
    headers: { "X-Api-Key": process.env.LNBITS_KEY, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  // ln-service throws arrays: a code, a word, what happened.
  if (answer.status === 404) throw [503, "UnexpectedLookupInvoiceErr", { err: { details: "no such invoice" } }];
  if (!answer.ok) throw [503, "UnexpectedError", { err: { details: `LNbits answered ${answer.status}` } }];
  return answer.json();
}

module.exports = {
  authenticatedLndGrpc: () => ({ lnd: { over: process.env.LNBITS_URL } }),

  async createInvoice({ description, tokens }) {
    const expiry = Number(process.env.INVOICE_EXPIRY || 3600);
    const made = await ask("POST", "/api/v1/payments", {
      out: false, amount: Number(tokens), memo: description || "boltwall", expiry,
    });
    return {
      request: made.bolt11,
      id: made.payment_hash,
      description,
      created_at: new Date().toISOString(),
      tokens: Number(tokens),
    };
  },

  async getInvoice({ id }) {
    const found = await ask("GET", `/api/v1/payments/${id}`);
    return {
      id,
      is_confirmed: found.paid,
      request: found.details.bolt11,
      tokens: Math.abs(found.details.amount) / 1000,
      created_at: found.details.created_at,
      secret: found.paid ? found.preimage : undefined,
      description: found.details.memo,
    };
  },
};
