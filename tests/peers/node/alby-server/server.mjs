// A paid API made with Alby's helpers for servers, on a loopback port; a token is good for LIFE seconds.
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import {
  issueL402Macaroon, makeL402AuthenticateHeader, parseL402Authorization, verifyL402Macaroon,
} from "@getalby/lightning-tools/402/l402";

const { LIFE, LNBITS_KEY, LNBITS_URL, PORT, SATS, SECRET, INVOICE_EXPIRY = "3600" } = process.env;

async function bill(path) {
  const answer = await fetch(`${LNBITS_URL}/api/v1/payments`, {
    method: "POST",
    headers: { "X-Api-Key": LNBITS_KEY, "Content-Type": "application/json" },
    body: JSON.stringify({ out: false, amount: Number(SATS), memo: path, expiry: Number(INVOICE_EXPIRY) }),
  });
  if (!answer.ok) throw new Error(`LNbits answered ${answer.status}`);
  const { bolt11, payment_hash } = await answer.json();
  const token = await issueL402Macaroon(SECRET, payment_hash, { path, until: Date.now() + 1000 * Number(LIFE) });
  return makeL402AuthenticateHeader({ token, invoice: bolt11 });
}

async function isPaid(authorization, path) {
  const shown = parseL402Authorization(authorization);
  if (shown === null) return false;
  const claims = await verifyL402Macaroon(SECRET, shown.token);
  const hash = createHash("sha256").update(Buffer.from(shown.preimage, "hex")).digest("hex");
  return hash === claims.paymentHash && claims.path === path && Date.now() < claims.until;
}

const say = (response, status, body, headers = {}) =>
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));

const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  try {
    const { authorization } = request.headers;
    if (authorization) {
      const paid = await isPaid(authorization, path).catch(() => false);
      return paid ? say(response, 200, { thing: path }) : say(response, 401, { error: "Invalid L402 token" });
    }
    return say(response, 402, { error: "Payment required" }, { "WWW-Authenticate": await bill(path) });
  } catch (error) {
    return say(response, 500, { error: String(error) });
  }
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`listening on ${PORT}`));
process.on("SIGTERM", () => process.exit(0));
